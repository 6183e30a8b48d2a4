// Direct messages: conversations of two or more, with photos.
#include <fmt/format.h>

#include "site.h"

namespace valise::host {
namespace {

std::string TitleOf(const View& view, const Conversation& conversation) {
  if (!conversation.title.empty()) return conversation.title;
  std::string names;
  for (const Member& member : conversation.members) {
    if (!view.IsMe(member)) names += (names.empty() ? "" : ", ") + member.name;
  }
  return names;
}

const Member& OtherOf(const View& view, const Conversation& conversation) {
  for (const Member& member : conversation.members) {
    if (!view.IsMe(member)) return member;
  }
  return conversation.members.front();
}

Result<http::Response> ListPage(const SiteParts& parts, const Visit& visit) {
  const View& view = visit.view;
  ASSIGN_OR_RETURN(const auto conversations, parts.store.ConversationsOf(visit.me()));
  Markup main =
      H("<div class=\"row spread\"><h1>{}</h1><a class=\"button\" "
        "href=\"/messages/new\">{}</a></div><ul class=\"rows card\">",
        view.L("Messages", "Messages"), view.L("New message", "Nouveau message"));
  for (const Conversation& one : conversations) {
    ASSIGN_OR_RETURN(const auto last, parts.store.LastMessage(one.id));
    std::string said;
    if (last) {
      said = last->text.empty() ? std::string(view.L("Photo", "Photo")) : last->text;
      if (view.IsMe(last->author)) said = fmt::format("{} {}", view.L("You:", "Vous :"), said);
    }
    main +=
        H("<li><a href=\"/messages/{}\">{}<span class=\"row-text\"><strong dir=\"auto\">{}"
          "</strong><span class=\"muted cut\" dir=\"auto\">{}</span></span>{}</a></li>",
          one.id, Avatar(OtherOf(view, one), "medium"), TitleOf(view, one), said,
          last ? Ago(view, last->time) : Markup{});
  }
  main += Markup{"</ul>"};
  if (conversations.empty()) {
    main += H("<p class=\"empty\">{}</p>",
              view.L("Nobody has written to you yet.", "Personne ne vous a encore écrit."));
  }
  return Page(view, view.L("Messages", "Messages"), main);
}

Result<http::Response> NewPage(const SiteParts& parts, const Visit& visit) {
  const View& view = visit.view;
  ASSIGN_OR_RETURN(const auto members, parts.store.Members());
  Markup people;
  for (const Member& member : members) {
    if (view.IsMe(member)) continue;
    people +=
        H("<label class=\"choice\"><input type=\"checkbox\" name=\"member\" value=\"{}\">{}"
          "<span dir=\"auto\">{}</span></label>",
          member.id, Avatar(member), member.name);
  }
  const Markup main =
      H("<a class=\"back\" href=\"/messages\">{}{}</a><h1>{}</h1><form class=\"card stack\" "
        "method=\"post\" action=\"/messages\">{}<fieldset><legend>{}</legend>{}</fieldset>"
        "<label>{}<input name=\"title\" maxlength=\"100\"></label>"
        "<button class=\"button primary\">{}</button></form>",
        Icon("back"), view.L("Messages", "Messages"), view.L("New message", "Nouveau message"),
        FormFields(view), view.L("To", "À"), people,
        view.L("A name for it, if there are several of you", "Un nom, si vous êtes plusieurs"),
        view.L("Begin", "Commencer"));
  return Page(view, view.L("New message", "Nouveau message"), main);
}

Result<http::Response> Open(const SiteParts& parts, const Visit& visit, const Form& form) {
  std::vector<int64_t> members = form.Numbers("member");
  members.push_back(visit.me());
  ASSIGN_OR_RETURN(const int64_t id,
                   parts.actions.OpenConversation(members, form.Get("title"), visit.view.now));
  return Redirect(fmt::format("/messages/{}", id));
}

Markup MessageItem(const View& view, const Message& message, bool several) {
  const bool mine = view.IsMe(message.author);
  Markup inside;
  if (several && !mine) inside += H("<span class=\"who\">{}</span>", NameLink(message.author));
  if (!message.medium.sha256.empty()) {
    inside += H("<div class=\"in-message\">{}</div>", ShowMedium(view, message.medium));
  }
  inside += Said(message.text, "bubble-text");
  Markup item = H("<li class=\"{}\"><div class=\"bubble\">{}</div><div class=\"muted small\">{}",
                  mine ? "mine" : "theirs", inside, Ago(view, message.time));
  if (mine) {
    item +=
        ButtonForm(view, fmt::format("/messages/{}/delete/{}", message.conversation, message.id),
                   H("{}", view.L("Delete", "Supprimer")), "text-button");
  }
  return item += Markup{"</div></li>"};
}

Result<http::Response> ConversationPage(const SiteParts& parts, const Visit& visit) {
  const View& view = visit.view;
  ASSIGN_OR_RETURN(const Conversation conversation, parts.actions.Taken(visit.me(), visit.Id()));
  ASSIGN_OR_RETURN(const auto messages, parts.store.MessagesOf(conversation.id));
  Markup main =
      H("<a class=\"back\" href=\"/messages\">{}{}</a><h1 dir=\"auto\">{}</h1>"
        "<ol class=\"thread\">",
        Icon("back"), view.L("Messages", "Messages"), TitleOf(view, conversation));
  for (const Message& message : messages) {
    main += MessageItem(view, message, conversation.members.size() > 2);
  }
  main +=
      H("</ol><form class=\"say card\" id=\"say\" method=\"post\" action=\"/messages/{}\" "
        "enctype=\"multipart/form-data\">{}<label class=\"visually-hidden\" for=\"text\">{}"
        "</label><textarea id=\"text\" name=\"text\" rows=\"2\" maxlength=\"2000\" "
        "placeholder=\"{}\"></textarea><label class=\"photo-field\">{}<span>{}</span>"
        "<input type=\"file\" name=\"media\" accept=\"image/*,video/mp4\"></label>"
        "<button class=\"button primary\">{}</button></form>",
        conversation.id, FormFields(view), view.L("Your message", "Votre message"),
        view.L("Write a message", "Écrivez un message"), Icon("photo"), view.L("Photo", "Photo"),
        view.L("Send", "Envoyer"));
  return Page(view, TitleOf(view, conversation), main);
}

Result<http::Response> Say(const SiteParts& parts, const Visit& visit, const Form& form) {
  const Medium medium = form.media.empty() ? Medium{} : form.media.front();
  RETURN_IF_ERROR(
      parts.actions.AddMessage(visit.me(), visit.Id(), form.Get("text"), medium, visit.view.now));
  return Redirect(fmt::format("/messages/{}#say", visit.Id()));
}

}  // namespace

void AddMessagePages(Routes& routes, const SiteParts& parts) {
  routes.push_back({"GET", "/messages", false,
                    [&parts](const Visit& visit, const Form&) { return ListPage(parts, visit); }});
  routes.push_back({"GET", "/messages/new", false,
                    [&parts](const Visit& visit, const Form&) { return NewPage(parts, visit); }});
  routes.push_back({"POST", "/messages", false, [&parts](const Visit& visit, const Form& form) {
                      return Open(parts, visit, form);
                    }});
  routes.push_back({"GET", "/messages/{}", false, [&parts](const Visit& visit, const Form&) {
                      return ConversationPage(parts, visit);
                    }});
  routes.push_back({"POST", "/messages/{}", false, [&parts](const Visit& visit, const Form& form) {
                      return Say(parts, visit, form);
                    }});
  routes.push_back({"POST", "/messages/{}/delete/{}", false,
                    [&parts](const Visit& visit, const Form&) -> Result<http::Response> {
                      RETURN_IF_ERROR(parts.actions.DeleteMessage(visit.me(), visit.Id(1)));
                      return Redirect(fmt::format("/messages/{}", visit.Id()));
                    }});
}

}  // namespace valise::host
