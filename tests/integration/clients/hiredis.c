/* A C program with hiredis follows a failover. README.md says what each step is.
 * hiredis knows nothing of sentinels: it is up to its user to ask them. */

#include <hiredis/hiredis.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { kPauseMicros = 50000, kTimeoutSeconds = 2, kTextBytes = 256 };

typedef struct {
  char host[kTextBytes];
  int port;
} Address;

static void fail(const char *what) {
  fprintf(stderr, "%s\n", what);
  exit(1);
}

static Address parse_address(const char *text) {
  Address address;
  if (sscanf(text, "%255[^:]:%d", address.host, &address.port) != 2) fail("not an address");
  return address;
}

/* A connection on which the password was given, if there is one; else NULL. */
static redisContext *connect_to(Address address, const char *password) {
  const struct timeval timeout = {kTimeoutSeconds, 0};
  redisContext *context = redisConnectWithTimeout(address.host, address.port, timeout);
  redisReply *reply = NULL;
  if (context != NULL && context->err == 0) {
    reply = password == NULL ? redisCommand(context, "PING") : redisCommand(context, "AUTH %s", password);
  }
  if (reply != NULL && reply->type == REDIS_REPLY_STATUS) {
    freeReplyObject(reply);
    return context;
  }
  freeReplyObject(reply);
  redisFree(context);
  return NULL;
}

/* The reply of the first sentinel that answers, or NULL. */
static redisReply *ask_sentinels(const char *subcommand) {
  char sentinels[1024];
  redisReply *reply = NULL;
  snprintf(sentinels, sizeof sentinels, "%s", getenv("SENTINELS"));
  for (char *text = strtok(sentinels, " "); text != NULL && reply == NULL; text = strtok(NULL, " ")) {
    redisContext *context = connect_to(parse_address(text), getenv("SENTINEL_PASSWORD"));
    if (context == NULL) continue;
    reply = redisCommand(context, "SENTINEL %s %s", subcommand, getenv("NAME"));
    redisFree(context);
  }
  return reply;
}

static Address ask_primary(void) {
  redisReply *reply = ask_sentinels("GET-MASTER-ADDR-BY-NAME");
  if (reply == NULL || reply->type != REDIS_REPLY_ARRAY || reply->elements != 2) fail("no primary");
  Address address;
  snprintf(address.host, sizeof address.host, "%s", reply->element[0]->str);
  address.port = atoi(reply->element[1]->str);
  freeReplyObject(reply);
  return address;
}

static void write_value(const char *value) {
  for (int written = 0; !written; usleep(kPauseMicros)) {
    redisContext *context = connect_to(ask_primary(), getenv("SERVER_PASSWORD"));
    if (context == NULL) continue;
    redisReply *reply = redisCommand(context, "SET %s %s", getenv("KEY"), value);
    written = reply != NULL && reply->type == REDIS_REPLY_STATUS;
    freeReplyObject(reply);
    redisFree(context);
  }
  printf("{\"step\": \"wrote\", \"value\": \"%s\"}\n", value);
}

/* Says the addresses of all replicas, and returns one of them. */
static Address list_replicas(void) {
  redisReply *reply = ask_sentinels("REPLICAS");
  if (reply == NULL || reply->type != REDIS_REPLY_ARRAY || reply->elements == 0) fail("no replicas");
  Address address = {{0}, 0};
  printf("{\"step\": \"replicas\", \"addresses\": [");
  for (size_t i = 0; i < reply->elements; ++i) {
    const char *name = reply->element[i]->element[1]->str; /* the first field is the name, which is the address */
    printf("%s\"%s\"", i == 0 ? "" : ", ", name);
    address = parse_address(name);
  }
  printf("]}\n");
  freeReplyObject(reply);
  return address;
}

static void read_from(Address replica, const char *value) {
  redisContext *context = connect_to(replica, getenv("SERVER_PASSWORD"));
  if (context == NULL) fail("no replica answers");
  for (int seen = 0; !seen; usleep(kPauseMicros)) {
    redisReply *reply = redisCommand(context, "GET %s", getenv("KEY"));
    if (reply == NULL) fail("the replica hung up");
    seen = reply->type == REDIS_REPLY_STRING && strcmp(reply->str, value) == 0;
    freeReplyObject(reply);
  }
  redisReply *role = redisCommand(context, "ROLE");
  if (role == NULL || role->type != REDIS_REPLY_ARRAY) fail("no ROLE");
  printf("{\"step\": \"read\", \"value\": \"%s\", \"role\": \"%s\"}\n", value, role->element[0]->str);
  freeReplyObject(role);
  redisFree(context);
}

static void await_switch(void) {
  const struct timeval forever = {0, 0};
  redisContext *context = connect_to(parse_address(strrchr(getenv("SENTINELS"), ' ') + 1), getenv("SENTINEL_PASSWORD"));
  if (context == NULL || redisSetTimeout(context, forever) != REDIS_OK) fail("no sentinel to subscribe at");
  redisReply *reply = redisCommand(context, "SUBSCRIBE +switch-master");
  if (reply == NULL || reply->type != REDIS_REPLY_ARRAY) fail("not subscribed");
  freeReplyObject(reply);
  printf("{\"step\": \"subscribed\"}\n");
  if (redisGetReply(context, (void **)&reply) != REDIS_OK) fail("the sentinel hung up");
  printf("{\"step\": \"switched\", \"message\": \"%s\"}\n", reply->element[2]->str);
  freeReplyObject(reply);
  redisFree(context);
}

int main(void) {
  setvbuf(stdout, NULL, _IOLBF, 0);
  const Address primary = ask_primary();
  printf("{\"step\": \"discovered\", \"primary\": \"%s:%d\"}\n", primary.host, primary.port);
  write_value("before");
  read_from(list_replicas(), "before");
  await_switch();
  write_value("after");
  return 0;
}
