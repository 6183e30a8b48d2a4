#include "http/head.h"

#include <fmt/format.h>

#include <iterator>

#include "http/text.h"

namespace valise::http {

std::string_view ReasonPhrase(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 204:
      return "No Content";
    case 206:
      return "Partial Content";
    case 303:
      return "See Other";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 410:
      return "Gone";
    case 411:
      return "Length Required";
    case 412:
      return "Precondition Failed";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 416:
      return "Range Not Satisfiable";
    case 422:
      return "Unprocessable Content";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 460:  // tus 1.0.0, checksum
      return "Checksum Mismatch";
    case 500:
      return "Internal Server Error";
    case 503:
      return "Service Unavailable";
    case 507:
      return "Insufficient Storage";
    default:
      return "Unknown";
  }
}

std::string FormatHead(const Response& response, const HeadOptions& options) {
  std::string head = fmt::format("HTTP/1.1 {} {}\r\nDate: {}\r\n", response.status,
                                 ReasonPhrase(response.status), HttpDate(options.now));
  auto to = std::back_inserter(head);
  // RFC 9110 §8.6: no length on 204; on 304 it would have to be that of the whole.
  if (response.status != 204 && response.status != 304) {
    if (options.content_length) {
      fmt::format_to(to, "Content-Length: {}\r\n", *options.content_length);
    } else {
      head += "Transfer-Encoding: chunked\r\n";
    }
  }
  head += options.keep_alive ? "Connection: keep-alive\r\n" : "Connection: close\r\n";
  for (const auto& [name, value] : response.headers.all()) {
    if ((name + value).find_first_of("\r\n") != std::string::npos) continue;
    fmt::format_to(to, "{}: {}\r\n", name, value);
  }
  head += "\r\n";
  return head;
}

}  // namespace valise::http
