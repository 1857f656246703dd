// Host names as the core knows them: under which IP address each is used now. Nothing is resolved here; what a name
// leads to is a fact that is told (`NameResolved`), and may change.
//
// An instance keeps the address that it was made known by, name or not. Whether two addresses mean one place is asked
// of `same`; what others are told is asked of `shown`. A name that leads nowhere (yet) stands for itself.
// That two names lead to one place says nothing if nobody was reached there by either.
//
// A name server may be wrong. Where a name leads is believed as far as we ourselves are concerned; others are told
// where it was reached last, until it is reached elsewhere: a promotion is announced at the place at which it was seen.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/ids.h"

namespace vedette::core {

// The two settings of the configuration, resolve-hostnames and announce-hostnames.
struct Naming {
  bool resolve = false;   // names are taken; otherwise an address with a name is of no use to us
  bool announce = false;  // events, replies and messages carry names; otherwise what they lead to

  bool operator==(const Naming&) const = default;
};

class Names {
 public:
  Naming naming;

  // `reached`: somebody was reached there by that name. An empty `ip` forgets the name.
  void lead(std::string_view name, std::string_view ip, bool reached);

  // The place that an address means, so that equal places are equal: by IP where it is known, else by the name in lower
  // case.
  Address place(const Address& address) const;
  bool same(const Address& one, const Address& other) const;
  // The same, but two names are two servers even if they lead to one place: one of them may still lead to where its
  // server was before, and another has taken that address. Nor is a name that leads elsewhere since it was reached last
  // the address to which it leads. For what must not be got wrong, and may name one server twice.
  bool identical(const Address& one, const Address& other) const;

  // As events, replies and messages give it.
  Address shown(const Address& address) const;
  // As questions to other sentinels give it: they look for it where its name leads for them, and that is now.
  Address asked_about(const Address& address) const;

  bool usable(const Address& address) const;

 private:
  struct Lead {
    std::string ip;
    std::string reached_ip;  // the last at which somebody was reached; empty: nowhere yet
  };
  const Lead* find(const Address& address) const;
  bool is_reached(const Address& address) const;  // where its name leads now; an IP address always is
  bool is_astray(const Address& address) const;   // its name leads elsewhere than where it was reached last

  std::map<std::string, Lead> leads_;  // by name, in lower case
};

}  // namespace vedette::core
