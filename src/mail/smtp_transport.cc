// The SMTP adapter: libcurl, one connection a mail.
#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "mail/transport.h"

namespace valise::mail {
namespace {

constexpr long kConnectTimeout = 15;

struct CloseEasy {
  void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
};
struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

size_t ReadUpload(char* to, size_t size, size_t count, void* from) {
  auto& rest = *static_cast<std::string_view*>(from);
  const size_t n = std::min(size * count, rest.size());
  std::memcpy(to, rest.data(), n);
  rest.remove_prefix(n);
  return n;
}

class SmtpTransport final : public MailTransport {
 public:
  explicit SmtpTransport(SmtpOptions options) : options_(std::move(options)) {}

  Status Send(const Envelope& envelope, std::string_view rendered) override {
    const std::unique_ptr<CURL, CloseEasy> easy(curl_easy_init());
    if (easy == nullptr) return Fail(ErrorCode::kUnavailable, "mail: no memory");
    const std::string from = "<" + envelope.from + ">";
    const std::unique_ptr<curl_slist, FreeList> to(
        curl_slist_append(nullptr, ("<" + envelope.to + ">").c_str()));
    std::string_view rest = rendered;
    Configure(easy.get());
    curl_easy_setopt(easy.get(), CURLOPT_MAIL_FROM, from.c_str());
    curl_easy_setopt(easy.get(), CURLOPT_MAIL_RCPT, to.get());
    curl_easy_setopt(easy.get(), CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(easy.get(), CURLOPT_READFUNCTION, ReadUpload);
    curl_easy_setopt(easy.get(), CURLOPT_READDATA, &rest);
    curl_easy_setopt(easy.get(), CURLOPT_INFILESIZE_LARGE,
                     static_cast<curl_off_t>(rendered.size()));
    const CURLcode code = curl_easy_perform(easy.get());
    if (code == CURLE_OK) return {};
    long answer = 0;
    curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &answer);
    return Explain(code, answer);
  }

 private:
  void Configure(CURL* easy) const {
    curl_easy_setopt(easy, CURLOPT_URL, options_.url.c_str());
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, std::min(kConnectTimeout, options_.timeout_s));
    curl_easy_setopt(easy, CURLOPT_TIMEOUT, options_.timeout_s);
    curl_easy_setopt(easy, CURLOPT_USE_SSL,
                     static_cast<long>(options_.require_tls ? CURLUSESSL_ALL : CURLUSESSL_TRY));
    if (!options_.user.empty()) {
      curl_easy_setopt(easy, CURLOPT_USERNAME, options_.user.c_str());
      curl_easy_setopt(easy, CURLOPT_PASSWORD, options_.password.Reveal().c_str());
    }
  }

  // 5xx to a sender, recipient or the text is for good; a refused login may be mended by the
  // operator.
  static Status Explain(CURLcode code, long answer) {
    const bool for_good = answer >= 500 && answer < 600 && code != CURLE_LOGIN_DENIED;
    const std::string what = answer >= 400 ? fmt::format("the mail server answered {}", answer)
                                           : std::string(curl_easy_strerror(code));
    return Fail(for_good ? ErrorCode::kInvalidArgument : ErrorCode::kUnavailable, "mail: " + what);
  }

  SmtpOptions options_;
};

}  // namespace

Result<std::unique_ptr<MailTransport>> OpenSmtp(const SmtpOptions& options) {
  if (!options.url.starts_with("smtp://") && !options.url.starts_with("smtps://")) {
    return Fail(ErrorCode::kInvalidArgument,
                "the mail server is given as smtp://host:port or smtps://host:port");
  }
  if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
    return Fail(ErrorCode::kUnavailable, "mail: libcurl does not start");
  }
  return std::make_unique<SmtpTransport>(options);
}

}  // namespace valise::mail
