// Users as files have them: `user` lines of a sentinel.conf, and ACL files, which hold nothing else.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "node/acl/users.h"

namespace vedette::node::acl {

// The words of each `user` line: the name, then its rules.
using Lines = std::vector<std::vector<std::string>>;

// The users of a sentinel.conf. `password` is that of the default user where no line is about it. The error is fit for
// a log.
Result<Users> users_of(const Lines& lines, std::string_view password);

// The lines to write: as in `lines` where they still hold, else in canonical form. What is as it would be without any
// line has none.
Lines lines_of(const Users& users, const Lines& lines, std::string_view password);

// The users of the ACL file that was read from `path`. The error tells everything that is wrong with it.
Result<Users> parse_acl_file(std::string_view text, std::string_view path);
std::string render_acl_file(const Users& users);

}  // namespace vedette::node::acl
