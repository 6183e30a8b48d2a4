// What all pages have: the frame, the language, and the small parts that stand in many of them.
//
// Thread safety: plain values, pure functions. Lifetime: a View borrows the member who looks.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "http/message.h"
#include "markup.h"
#include "model.h"

namespace valise::host {

inline constexpr std::string_view kSiteName = "Pellicule";

struct View {
  std::optional<Member> me;  // who looks; nobody: not signed in
  bool french = false;
  std::string csrf;  // what forms bring back
  std::string here;  // the page's own path, for forms that come back to it
  Timestamp now{};

  std::string_view L(std::string_view english, std::string_view french_words) const {
    return french ? french_words : english;
  }
  bool IsMe(const Member& member) const { return me && me->id == member.id; }
};

// The hidden fields of every form.
Markup FormFields(const View& view);
// A form of one button; `style` is a class of the button.
Markup ButtonForm(const View& view, std::string_view action, const Markup& button,
                  std::string_view style);
Markup Ago(const View& view, Timestamp time);
// "1 like", "3 likes".
std::string Count(const View& view, int64_t n, std::string_view one, std::string_view many);
Markup Avatar(const Member& member, std::string_view style = "");
Markup NameLink(const Member& member);
Markup ShowMedium(const View& view, const Medium& medium);
Markup Icon(std::string_view name);
// Text of a member, with its line breaks.
Markup Said(std::string_view text, std::string_view style = "said");

struct PageOptions {
  int status = 200;
  std::string_view problem = {};  // said on top
  // Another site to which a form of this page may lead at last: browsers look at redirects, too.
  std::string_view form_leads_to = {};
};
http::Response Page(const View& view, std::string_view title, const Markup& main,
                    const PageOptions& options = {});
http::Response Redirect(std::string_view to);
http::Response PlainText(int status, std::string_view text);

}  // namespace valise::host
