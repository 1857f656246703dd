// INFO: what this process and this sentinel say of themselves.
#pragma once

#include <string_view>

namespace vedette::node {

struct Request;

// The release of Redis whose Sentinel this one behaves like: clients and exporters decide by it what they may use.
inline constexpr std::string_view kRedisVersion = "7.0.15";

void info(Request& request);

}  // namespace vedette::node
