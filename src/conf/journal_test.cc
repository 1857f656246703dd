// The journal: what it says over which text, what a crash leaves of it, and when it may be emptied.
#include "conf/journal.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/rng.h"
#include "base/sha256.h"
#include "conf/file.h"
#include "tests/support/conf_settings.h"

namespace vedette::conf {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::must_parse;

constexpr std::string_view kText =
    "sentinel monitor m 127.0.0.1 6379 2\n"
    "sentinel down-after-milliseconds m 5000\n"
    "sentinel monitor other 127.0.0.1 6380 2\n";

MonitoredPrimary primary(std::string name, std::uint16_t port, Epoch epoch) {
  MonitoredPrimary primary;
  primary.name = std::move(name);
  primary.address = {"127.0.0.1", port};
  primary.config_epoch = primary.leader_epoch = epoch;
  return primary;
}

Changes changed(MonitoredPrimary primary) { return {primary.leader_epoch, {std::move(primary)}, {}}; }

// A journal beside `text` to which these were appended.
std::string journal(std::string_view text, const std::vector<Changes>& all) {
  Journal journal(text, false);
  std::string bytes;
  for (const Changes& changes : all) {
    const std::string added = journal.bytes_for(journal_record(changes));
    journal.appended(added.size());
    bytes += added;
  }
  return bytes;
}

File read(std::string_view text, std::string_view journal) {
  auto result = must_parse(text).with_journal(text, journal);
  if (const auto* problems = std::get_if<std::vector<Problem>>(&result)) {
    ADD_FAILURE() << problems->front().line << ": " << problems->front().reason;
    return must_parse("");
  }
  return std::get<File>(std::move(result));
}

const MonitoredPrimary& find(const File& file, const std::string& name) {
  for (const MonitoredPrimary& primary : file.configuration().sentinel.primaries) {
    if (primary.name == name) return primary;
  }
  throw std::invalid_argument("no primary " + name);
}

TEST(JournalOfAState, WithoutRecordsChangesNothing) {
  const File file = read(kText, "");
  EXPECT_EQ(file.configuration(), must_parse(kText).configuration());
  EXPECT_FALSE(file.must_be_saved());
}

TEST(JournalOfAState, BringsTheLastOfWhatItSays) {
  MonitoredPrimary m = primary("m", 6390, Epoch{4});
  m.replicas = {{{"127.0.0.1", 6379}}};
  m.sentinels = {{{"127.0.0.1", 26380}, RunId{std::string(RunId::kLength, 'b')}}};
  m.auth_pass = "two words";
  m.histories = {std::string(40, 'c'), "", std::string(40, 'd')};
  m.known_servers = {{{"127.0.0.1", 6379}, {}, 7, std::nullopt}};
  m.upstream = Address{"far.example", 6379};
  const File file = read(kText, journal(kText, {changed(primary("m", 6389, Epoch{3})), changed(m)}));
  EXPECT_EQ(find(file, "m"), m);
  EXPECT_EQ(find(file, "other").address.port, 6380);
  EXPECT_EQ(file.configuration().sentinel.current_epoch, Epoch{4});
  EXPECT_TRUE(file.must_be_saved());
  EXPECT_THAT(file.notes(), IsEmpty());
}

TEST(JournalOfAState, AddsAndRemovesPrimaries) {
  const std::string text = journal(kText, {changed(primary("new", 7000, Epoch{1})), {Epoch{1}, {}, {"m"}}});
  const File file = read(kText, text);
  ASSERT_EQ(file.configuration().sentinel.primaries.size(), 2U);
  EXPECT_EQ(find(file, "new").address.port, 7000);
  EXPECT_THROW(find(file, "m"), std::invalid_argument);
  EXPECT_EQ(must_parse(file.render(file.configuration().sentinel)).configuration().sentinel.primaries.size(), 2U);
}

TEST(JournalOfAState, KnowsNamesOfHostsWhateverTheFileAllows) {
  MonitoredPrimary named = primary("named", 6379, Epoch{1});
  named.address.host = "db.example.org";
  EXPECT_EQ(find(read(kText, journal(kText, {changed(named)})), "named").address.host, "db.example.org");
}

// Read again over a text that has it already, as after a crash between the two.
TEST(JournalOfAState, MayBeReadAgain) {
  Journal book(kText, false);
  std::string bytes = book.bytes_for(journal_record(changed(primary("m", 6390, Epoch{4}))));
  book.appended(bytes.size());
  const std::string text = read(kText, bytes).render(read(kText, bytes).configuration().sentinel);
  const std::string base = book.begin_replace(text);
  book.appended(base.size());
  bytes += base;
  EXPECT_EQ(read(text, bytes).configuration(), must_parse(text).configuration());
  EXPECT_THAT(read(text, bytes).notes(), IsEmpty());
  EXPECT_EQ(read(kText, bytes).configuration(), must_parse(text).configuration());
}

TEST(JournalOfAState, OfAnotherTextKeepsItsPromisesOnly) {
  const std::string edited = std::string(kText) + "sentinel parallel-syncs m 3\nsentinel config-epoch other 9\n";
  MonitoredPrimary m = primary("m", 6390, Epoch{4});
  m.parallel_syncs = 7;
  const std::string bytes =
      journal(kText, {changed(m), changed(primary("other", 6391, Epoch{4})), changed(primary("new", 7000, Epoch{12}))});
  const File file = read(edited, bytes);
  EXPECT_EQ(find(file, "m").address.port, 6390);
  EXPECT_EQ(find(file, "m").leader_epoch, Epoch{4});
  EXPECT_EQ(find(file, "m").parallel_syncs, 3U);
  EXPECT_EQ(find(file, "other").address.port, 6380) << "the file has it from a greater epoch";
  EXPECT_EQ(find(file, "other").leader_epoch, Epoch{4});
  EXPECT_EQ(file.configuration().sentinel.current_epoch, Epoch{12});
  EXPECT_EQ(file.configuration().sentinel.primaries.size(), 2U);
  EXPECT_THAT(file.notes(), ElementsAre(HasSubstr("belongs to another version of the file")));
}

TEST(JournalOfAState, OfAnotherTextTellsWhatIsRememberedWithTheConfigurationThatIsTaken) {
  const std::string edited = std::string(kText) + "sentinel config-epoch other 9\n# vedette: lineage other 9 -\n";
  MonitoredPrimary m = primary("m", 6390, Epoch{4});
  m.histories = {std::string(40, 'c')};
  m.known_servers = {{m.address, {}, 7, 8}};
  m.upstream = Address{"10.0.0.1", 1};
  MonitoredPrimary other = primary("other", 6391, Epoch{4});
  other.histories = {std::string(40, 'd')};
  const File file = read(edited, journal(kText, {changed(m), changed(other)}));
  EXPECT_EQ(find(file, "m").histories, m.histories);
  EXPECT_EQ(find(file, "m").known_servers, m.known_servers);
  EXPECT_EQ(find(file, "m").upstream, m.upstream);
  EXPECT_EQ(find(file, "other").histories, std::vector<std::string>{""}) << "the file has it from a greater epoch";
}

TEST(JournalOfAState, TornAnywhereHasTheRecordsBeforeThat) {
  const std::string first = journal(kText, {changed(primary("m", 6390, Epoch{4}))});
  const std::string both =
      journal(kText, {changed(primary("m", 6390, Epoch{4})), changed(primary("m", 6391, Epoch{5}))});
  for (std::size_t size = first.size(); size < both.size(); ++size) {
    const File file = read(kText, std::string_view(both).substr(0, size));
    ASSERT_EQ(find(file, "m").address.port, 6390) << size;
    EXPECT_THAT(file.notes(), IsEmpty());
  }
  EXPECT_EQ(find(read(kText, both), "m").address.port, 6391);
}

TEST(JournalOfAState, DamagedInTheMiddleSaysSo) {
  std::string bytes = journal(kText, {changed(primary("m", 6390, Epoch{4})), changed(primary("m", 6391, Epoch{5}))});
  bytes[bytes.find("6390")] = '7';
  const File file = read(kText, bytes);
  EXPECT_EQ(find(file, "m").address.port, 6379);
  EXPECT_THAT(file.notes(), ElementsAre(HasSubstr("is damaged")));
}

TEST(JournalOfAState, ThatIsWholeAndCannotBeUnderstoodIsAProblem) {
  MonitoredPrimary odd = primary("odd", 6379, Epoch{1});
  odd.address.host = "no host at all";
  const auto result = must_parse(kText).with_journal(kText, journal(kText, {changed(odd)}));
  ASSERT_TRUE(std::holds_alternative<std::vector<Problem>>(result));
  EXPECT_THAT(std::get<std::vector<Problem>>(result).front().line, HasSubstr("no host at all"));
}

// Nothing that we write says so, yet a checksum does not tell who wrote it.
TEST(JournalOfAState, LinesBelowARemovalBelongToNobody) {
  const std::string payload = "+ m\nsentinel monitor m 127.0.0.1 6390 2\n- m\nsentinel leader-epoch m 4\n";
  const std::string record = fmt::format("@ {} {}\n{}", payload.size(), sha256_hex(payload).substr(0, 16), payload);
  const auto result = must_parse(kText).with_journal(kText, record);
  ASSERT_TRUE(std::holds_alternative<std::vector<Problem>>(result));
  EXPECT_THAT(std::get<std::vector<Problem>>(result).front().line, HasSubstr("leader-epoch m 4"));
}

class JournalBook : public ::testing::Test {
 protected:
  void append(std::string_view record) {
    const std::string bytes = book.bytes_for(record);
    book.appended(bytes.size());
    file += bytes;
  }
  void begin_replace(std::string_view text) {
    const std::string bytes = book.begin_replace(text);
    if (bytes.empty()) return;
    book.appended(bytes.size());
    file += bytes;
  }
  bool has_base(std::string_view text) {
    Journal fresh(text, false);
    return file.find(fresh.bytes_for("")) != std::string::npos;
  }

  Journal book{"zero", false};
  std::string file;
};

TEST_F(JournalBook, BeginsWithTheTextThatItContinues) {
  append("record");
  EXPECT_TRUE(has_base("zero"));
  EXPECT_THAT(file, ::testing::EndsWith("record"));
  append("another");
  EXPECT_THAT(file, ::testing::EndsWith("recordanother"));
}

TEST_F(JournalBook, IsToBeEmptiedWhenTheTextHasAll) {
  append("record");
  begin_replace("one");
  EXPECT_TRUE(has_base("one"));
  EXPECT_TRUE(book.end_replace());
  file.clear();
  append("later");
  EXPECT_TRUE(has_base("one"));
  EXPECT_FALSE(has_base("zero"));
}

TEST_F(JournalBook, StaysWhenSomethingWasAppendedMeanwhile) {
  append("record");
  begin_replace("one");
  append("later");
  EXPECT_FALSE(book.end_replace());
  begin_replace("two");
  EXPECT_TRUE(has_base("two"));
  EXPECT_TRUE(book.end_replace());
}

TEST_F(JournalBook, NeedsNothingWhileItIsEmpty) {
  begin_replace("one");
  EXPECT_EQ(file, "");
  EXPECT_FALSE(book.end_replace());
  begin_replace("two");
  append("meanwhile");
  EXPECT_TRUE(has_base("one")) << "the text may not have been replaced yet";
  EXPECT_TRUE(has_base("two"));
  EXPECT_FALSE(book.end_replace());
}

// Any text that could not be written for certain may be what is on the disk.
TEST_F(JournalBook, NamesAllTextsThatMayBeThere) {
  begin_replace("one");
  begin_replace("two");
  begin_replace("three");
  append("record");
  for (const auto* text : {"zero", "one", "two", "three"}) EXPECT_TRUE(has_base(text)) << text;
}

TEST_F(JournalBook, OfAnEarlierLifeIsToBeEmptiedWhenTheTextHasIt) {
  book = Journal("zero", true);
  EXPECT_TRUE(book.has_old_records());
  begin_replace("one");
  EXPECT_TRUE(book.end_replace());
  EXPECT_FALSE(book.has_old_records());
}

}  // namespace
}  // namespace vedette::conf
