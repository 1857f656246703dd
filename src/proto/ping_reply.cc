#include "proto/ping_reply.h"

namespace vedette::proto {
namespace {

struct ErrorCode {
  std::string_view code;
  PingReply meaning;
};

constexpr ErrorCode kErrorCodes[] = {
    {"LOADING", PingReply::kLoading},     {"MASTERDOWN", PingReply::kPrimaryDown},
    {"BUSY", PingReply::kBusy},           {"MISCONF", PingReply::kMisconfigured},
    {"NOAUTH", PingReply::kUnauthorized}, {"WRONGPASS", PingReply::kUnauthorized},
    {"NOPERM", PingReply::kUnauthorized},
};

}  // namespace

PingReply classify_ping_reply(const resp::Value& value) {
  if (value.is_text() && value.text == "PONG") return PingReply::kPong;
  if (!value.is_error()) return PingReply::kOther;
  const std::string_view code = std::string_view(value.text).substr(0, value.text.find(' '));
  for (const ErrorCode& known : kErrorCodes) {
    if (known.code == code) return known.meaning;
  }
  return PingReply::kOther;
}

std::string_view to_string(PingReply reply) {
  switch (reply) {
    case PingReply::kPong:
      return "pong";
    case PingReply::kLoading:
      return "loading";
    case PingReply::kPrimaryDown:
      return "primary down";
    case PingReply::kBusy:
      return "busy with a script";
    case PingReply::kMisconfigured:
      return "writes refused (MISCONF)";
    case PingReply::kUnauthorized:
      return "access denied";
    case PingReply::kOther:
      break;
  }
  return "unexpected reply";
}

}  // namespace vedette::proto
