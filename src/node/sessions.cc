#include "node/sessions.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/memory.h"
#include "node/commands.h"
#include "node/request.h"
#include "proto/down_reply.h"

namespace vedette::node {
namespace {

std::string encode_message(resp::Protocol protocol, const std::optional<std::string>& pattern, std::string_view channel,
                           std::string_view message) {
  std::string bytes;
  resp::Writer writer(bytes, protocol);
  writer.push(pattern ? 4 : 3);
  writer.bulk(pattern ? "pmessage" : "message");
  if (pattern) writer.bulk(*pattern);
  writer.bulk(channel);
  writer.bulk(message);
  return bytes;
}

// Without a copy where nothing is there yet: lists are megabytes.
void append(std::string& out, std::string more) {
  if (out.empty()) {
    out = std::move(more);
  } else {
    out += more;
  }
}

constexpr std::string_view kProtectedMode =
    "DENIED Redis is running in protected mode because protected mode is enabled and no password is set for the "
    "default user. In this mode connections are only accepted from the loopback interface. If you want to connect from "
    "external computers to Redis you may adopt one of the following solutions: 1) Just disable protected mode sending "
    "the command 'CONFIG SET protected-mode no' from the loopback interface by connecting to Redis from the same host "
    "the server is running, however MAKE SURE Redis is not publicly accessible from internet if you do so. Use CONFIG "
    "REWRITE to make this change permanent. 2) Alternatively you can just disable the protected mode by editing the "
    "Redis configuration file, and setting the protected mode option to 'no', and then restarting the server. 3) If "
    "you started the server manually just for testing, restart it with the '--protected-mode no' option. 4) Setup a an "
    "authentication password for the default user. NOTE: You only need to do one of the above things in order for the "
    "server to start accepting connections from the outside.";

}  // namespace

Sessions::Sessions(const View& view, Orders& orders, Network& network, Logger& logger, Rng& rng, acl::Users users,
                   ServingSettings settings, ProcessFacts facts, StartTime start)
    : view_(view),
      orders_(orders),
      network_(network),
      logger_(logger),
      rng_(rng),
      settings_(std::move(settings)),
      facts_(std::move(facts)),
      start_(start),
      users_(std::move(users)),
      acl_log_(settings_.acl_log_max_entries) {}

// --- Events of the world --------------------------------------------------------------------------------------------

void Sessions::accept(Instant now, ConnectionId connection, const Address& remote, const Address& local) {
  graveyard_.clear();
  if (table_.size() >= facts_.max_clients) return reject(connection, "ERR max number of clients reached");
  if (settings_.protected_mode && users_.default_user().needs_no_password() && !is_of_this_machine(remote)) {
    return reject(connection, kProtectedMode);
  }
  ++counters_.accepted;
  auto session = std::make_unique<Session>();
  session->connection = connection;
  session->id = ++last_session_id_;
  session->remote = remote;
  session->local = local;
  session->connected_at = now;
  session->active_at = now;
  session->set_authenticated(users_.are_let_in());
  table_.emplace(connection, std::move(session));
}

void Sessions::reject(ConnectionId connection, std::string_view error) {
  ++counters_.rejected;
  network_.send(connection, fmt::format("-{}\r\n", error));
  network_.close(connection, Close::kAfterSend);
}

void Sessions::receive(Instant now, ConnectionId connection, std::string_view bytes) {
  graveyard_.clear();
  Session* session = find(connection);
  if (session == nullptr) return;
  session->active_at = now;
  ++counters_.reads;
  counters_.input_bytes += bytes.size();
  counters_.input_rate.add(now, bytes.size());
  session->decoder.feed(bytes);
  if ((session->is_held_up() || is_paused(now)) && session->decoder.buffered_bytes() > kMaxWaitingBytes) {
    drop(*session, fmt::format("more than {} bytes of requests wait to be worked off", kMaxWaitingBytes));
    return;
  }
  serve(now, *session);
}

void Sessions::closed(ConnectionId connection) {
  graveyard_.clear();
  if (Session* session = find(connection)) forget(*session);
}

void Sessions::on_timer(Instant now) {
  graveyard_.clear();
  write_listing(now);
  if (is_paused(now)) return;
  if (paused_until_ != Instant{}) {
    paused_until_ = Instant{};
    for (Session* session : all()) {
      session->active_at = now;  // it was not idle: nobody listened
      if (!session->gone) serve(now, *session);
    }
  }
  if (settings_.client_timeout == Seconds(0) || now < next_idle_sweep_) return;
  next_idle_sweep_ = now + kIdleSweepPeriod;
  for (Session* session : all()) {
    // Subscribers have nothing to say, and those who wait for us are not idle.
    if (!session->awaited.empty() || pubsub_.count(session->connection) > 0) continue;
    if (now - session->active_at > settings_.client_timeout) close(*session, Close::kNow);
  }
}

std::optional<Instant> Sessions::next_deadline() const {
  if (!listings_.empty()) return Instant{};  // at once
  if (paused_until_ != Instant{}) return paused_until_;
  if (settings_.client_timeout == Seconds(0) || table_.empty()) return std::nullopt;
  return next_idle_sweep_;
}

// --- Requests -------------------------------------------------------------------------------------------------------

void Sessions::serve(Instant now, Session& session) {
  if (session.executing) return;  // answered while it was asked: the loop below, further up the stack, goes on
  session.executing = true;
  settle(session);
  while (session.accepts_requests() && !session.is_held_up() && !is_paused(now)) {
    const auto request = session.decoder.next();
    if (!request) {
      refuse(session, request.error().message);
    } else if (*request) {
      execute(now, session, **request);
    } else {
      break;
    }
  }
  session.executing = false;
  flush(now, session);
}

void Sessions::execute(Instant now, Session& session, const std::vector<std::string>& arguments) {
  if (session.replies == ReplyMode::kNotToThis) session.replies = ReplyMode::kAll;
  if (session.replies == ReplyMode::kNotToNext) session.replies = ReplyMode::kNotToThis;
  session.unsaid.clear();
  const std::string& sink = session.sink();
  const std::size_t begin = sink.size();
  const std::string& said = session.end_of_output();
  const std::size_t said_before = said.size();
  Request request{*this, session, arguments, now, session.writer()};
  dispatch(request);
  ++counters_.commands;
  counters_.command_rate.add(now, 1);
  if (sink.size() > begin && sink[begin] == '-') ++counters_.errors;
  if (&said != &session.out) session.bytes_behind_awaited += said.size() - said_before;
  if (!session.gone) bound_output(now, session);
}

// The stream has lost its framing: nothing that follows can be understood.
void Sessions::refuse(Session& session, std::string_view error) {
  ++counters_.errors;
  session.writer().error(fmt::format("ERR {}", error));
  session.end = Close::kAfterSend;
  logger_.log(core::Level::kVerbose,
              fmt::format("Closing client {} at {}: {}", session.id, to_string(session.remote), error));
}

AnswerToken Sessions::await(Session& session, AnswerForm form) {
  const AnswerToken token{++last_token_};
  session.awaited.push_back({token, form, session.protocol, session.is_silent(), false, {}, {}});
  waiting_.emplace(token, session.connection);
  return token;
}

// --- Effects of the core --------------------------------------------------------------------------------------------

Sessions::Waiting Sessions::take_waiting(AnswerToken token) {
  const auto entry = waiting_.extract(token);
  Session* session = entry.empty() ? nullptr : find(entry.mapped());
  if (session == nullptr) return {nullptr, nullptr};
  // Tokens grow, so they are in order.
  const auto awaited =
      std::lower_bound(session->awaited.begin(), session->awaited.end(), token,
                       [](const Session::Awaited& one, AnswerToken wanted) { return one.token < wanted; });
  awaited->is_answered = true;
  return {session, &*awaited};
}

const Session* Sessions::waiting_for(AnswerToken token) const {
  const auto entry = waiting_.find(token);
  return entry == waiting_.end() ? nullptr : find(entry->second);
}

void Sessions::answer(Instant now, const core::AnswerPeer& answer) {
  const auto [session, awaited] = take_waiting(answer.token);
  if (session == nullptr) return;
  resp::Writer reply(awaited->reply, awaited->protocol);
  proto::write_down_reply(reply, answer.reply);
  serve(now, *session);
}

void Sessions::answer(Instant now, const core::AnswerOrder& answer) {
  const auto [session, awaited] = take_waiting(answer.token);
  if (session == nullptr) return;
  resp::Writer reply(awaited->reply, awaited->protocol);
  if (!answer.result) {
    ++counters_.errors;
    reply.error(answer.result.error().message);
  } else if (awaited->form == AnswerForm::kCount) {
    reply.integer(answer.count);
  } else {
    reply.simple("OK");
  }
  serve(now, *session);
}

void Sessions::list(Instant now, Session& session, BeginListing begin) {
  if (view_.state().primaries.size() > Listing::kPrimariesInATurn) {
    listings_.push_back({await(session, AnswerForm::kListing), std::move(begin)});
    return;
  }
  const auto listing = begin();
  listing->write_on(view_, now);
  session.sink() += listing->take_reply(now);
}

// One after the other, so that only one is half finished, and bounded like other output when it is whole.
void Sessions::write_listing(Instant now) {
  if (listings_.empty()) return;
  const AnswerToken token = listings_.front().token;
  const bool is_wanted = waiting_for(token) != nullptr;
  if (is_wanted && !listing_) listing_ = listings_.front().begin();
  if (is_wanted && !listing_->write_on(view_, now)) return;
  listings_.pop_front();
  const auto written = std::move(listing_);
  const auto [session, awaited] = take_waiting(token);
  if (session == nullptr) return;
  awaited->reply = written->take_reply(now);
  serve(now, *session);
  if (!session->gone) bound_output(now, *session);
}

void Sessions::publish(Instant now, std::string_view channel, std::string_view message) {
  for (const Audience& audience : pubsub_.audiences_of(channel)) {
    const std::string resp2 = encode_message(resp::Protocol::kResp2, audience.pattern, channel, message);
    const std::string resp3 = encode_message(resp::Protocol::kResp3, audience.pattern, channel, message);
    for (const ConnectionId listener : audience.listeners) {
      Session* session = find(listener);
      if (session != nullptr) deliver(now, *session, session->protocol == resp::Protocol::kResp3 ? resp3 : resp2);
    }
  }
}

void Sessions::deliver(Instant now, Session& session, std::string_view message) {
  session.place_of_message() += message;
  if (!session.awaited.empty()) session.bytes_behind_awaited += message.size();
  bound_output(now, session);
  flush(now, session);
}

// --- Output and the end ---------------------------------------------------------------------------------------------

// What was waited for and is answered now can be said, up to the first that is not.
void Sessions::settle(Session& session) {
  while (!session.awaited.empty() && session.awaited.front().is_answered) {
    Session::Awaited& first = session.awaited.front();
    if (!first.is_silent) append(session.out, std::move(first.reply));
    append(session.out, std::move(first.after));
    session.awaited.pop_front();
  }
  if (session.awaited.empty()) session.bytes_behind_awaited = 0;
}

void Sessions::flush(Instant now, Session& session) {
  if (session.executing || session.gone) return;
  settle(session);
  give_back(session.unsaid);
  if (!session.out.empty()) {
    ++counters_.writes;
    counters_.output_bytes += session.out.size();
    counters_.output_rate.add(now, session.out.size());
    network_.send(session.connection, std::exchange(session.out, {}));
  }
  if (session.end && session.awaited.empty()) return close(session, *session.end);
  account(session);
}

// Drops a client that reads too slowly.
void Sessions::bound_output(Instant now, Session& session) {
  const bool listens = pubsub_.count(session.connection) > 0;
  const conf::OutputBufferLimit& limit = listens ? settings_.subscriber_limit : settings_.normal_limit;
  std::size_t most = session.authenticated ? kMaxUnsentBytes : kMaxUnsentStrangerBytes;
  if (limit.hard_bytes > 0) most = std::min<std::size_t>(most, limit.hard_bytes);
  const std::size_t unsent = unsent_bytes(session);
  if (unsent > most) return drop(session, fmt::format("it leaves more than {} bytes of replies unread", most));
  if (limit.soft_bytes == 0 || unsent <= limit.soft_bytes) {
    session.slow_since.reset();
    return;
  }
  if (!session.slow_since) session.slow_since = now;
  if (now - *session.slow_since < limit.soft_for) return;
  drop(session, fmt::format("it leaves more than {} bytes of replies unread for {} seconds", limit.soft_bytes,
                            limit.soft_for.count()));
}

std::size_t Sessions::unsent_bytes(const Session& session) const {
  return session.out.size() + session.bytes_behind_awaited + network_.unsent_bytes(session.connection);
}

std::size_t Sessions::memory_of(const Session& session) const {
  return session.decoder.buffered_bytes() + unsent_bytes(session) + session.awaited.size() * sizeof(Session::Awaited) +
         session.name.size() + session.library_name.size() + session.library_version.size() +
         pubsub_.bytes(session.connection);
}

void Sessions::account(Session& session) {
  held_bytes_ -= session.held_bytes;
  session.held_bytes = memory_of(session);
  held_bytes_ += session.held_bytes;
  if (held_bytes_ <= kMaxHeldBytes) return;
  // What others hold was last looked at when they were served; they may have read it since.
  held_bytes_ = 0;
  for (const auto& [connection, other] : table_) held_bytes_ += other->held_bytes = memory_of(*other);
  if (held_bytes_ > kMaxHeldBytes) drop(session, fmt::format("all clients hold more than {} bytes", kMaxHeldBytes));
}

void Sessions::drop(Session& session, std::string_view reason) {
  logger_.log(core::Level::kWarning,
              fmt::format("Closing client {} at {} since {}", session.id, to_string(session.remote), reason));
  close(session, Close::kNow);
}

void Sessions::end(Session& session) {
  if (session.executing) {
    session.end = Close::kAfterSend;
  } else {
    close(session, Close::kNow);
  }
}

void Sessions::close(Session& session, Close how) {
  network_.close(session.connection, how);
  forget(session);
}

void Sessions::forget(Session& session) {
  session.gone = true;
  pubsub_.drop(session.connection);
  for (const Session::Awaited& awaited : session.awaited) waiting_.erase(awaited.token);
  held_bytes_ -= session.held_bytes;
  graveyard_.push_back(std::move(table_.extract(session.connection).mapped()));
}

// --- The table ------------------------------------------------------------------------------------------------------

Session* Sessions::find(ConnectionId connection) const {
  const auto entry = table_.find(connection);
  return entry == table_.end() ? nullptr : entry->second.get();
}

std::vector<Session*> Sessions::all() const {
  std::vector<Session*> sessions;
  sessions.reserve(table_.size());
  for (const auto& [connection, session] : table_) sessions.push_back(session.get());
  return sessions;
}

}  // namespace vedette::node
