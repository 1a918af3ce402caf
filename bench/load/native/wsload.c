// wsload: a WebSocket load generator on one thread.
//
// Connect and join everything, warm up, measure, wait for what is still under way, print one line of JSON.
// A published body starts with "@T", the time in 16 hexadecimal digits and the publisher in 6; each frame
// that holds one is a delivery. Deliveries are counted from the first message to the last, not only in the
// measured window, and compared with what the subscribers of the rooms should have been given.
// It speaks to 127.0.0.1 only.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include "dialect.h"
#include "histogram.h"
#include "usage.h"

enum { CONNECTING, UPGRADING, GREETED, INTRODUCED, JOINING, READY, DEAD };
enum { WANT_READ, WANT_WRITE, STALLED };
enum { CLOSED_LOOP, OPEN_LOOP, ECHO, IDLE };
#define STDIN_ID UINT32_MAX
#define BUFFER_SIZE (1 << 18)
#define SECOND 1000000000ull

typedef struct {
  int fd;
  uint8_t state, wants, is_publisher;
  uint32_t room, topic, ref, outstanding;
  char *in, *out;
  uint32_t in_length, in_size, out_length, out_size;
  uint64_t started;
} connection_t;

static dialect_t dialect;
static const char *room_prefix = "r";
static int port = 9000, connection_count = 100, room_count = 1, topic_count = 1, publisher_count = 1, body_size = 64;
static int opening_at_once = 64, stalled_count, is_binary, is_compressed, is_held, is_handshake_only, mode = CLOSED_LOOP;
static double rate = 1000, warm_s = 1, measured_s = 5;
static int pids[64], pid_count;

static connection_t *connections;
static int poller, *publishers, *readers;
static char *padding, error_text[128];
static int ready_count, opening_count, dead_count, is_measuring, is_publishing, is_stdin_open = 1;
static uint64_t expected, received, measured, published, latest;
static histogram_t latencies, joins;

static uint64_t now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * SECOND + t.tv_nsec;
}

static void die(const char *format, ...) {
  va_list list;
  va_start(list, format);
  vfprintf(stderr, format, list);
  va_end(list);
  fputc('\n', stderr);
  exit(2);
}

static void *grown(void *memory, uint32_t *size, uint32_t needed) {
  if (needed <= *size) return memory;
  *size = needed * 2;
  memory = realloc(memory, *size);
  if (!memory) die("out of memory");
  return memory;
}

// --- bytes ---

static void want(connection_t *c, int wants) {
  if (c->wants == wants || c->wants == STALLED) return;
  c->wants = wants;
  uint32_t events = wants == STALLED ? 0 : EPOLLIN | (wants == WANT_WRITE ? EPOLLOUT : 0);
  struct epoll_event event = {.events = events, .data.u32 = c - connections};
  epoll_ctl(poller, EPOLL_CTL_MOD, c->fd, &event);
}

static void lose(connection_t *c, const char *why) {
  if (c->state == DEAD) return;
  if (c->state == READY) ready_count--;
  else opening_count--;
  if (dead_count++ == 0) snprintf(error_text, sizeof error_text, "connection %d: %s", (int)(c - connections), why);
  c->state = DEAD;
  close(c->fd);
}

static void write_out(connection_t *c, const char *bytes, size_t length) {
  ssize_t written = 0;
  if (!c->out_length) {
    written = write(c->fd, bytes, length);
    if (written < 0 && errno != EAGAIN) return lose(c, strerror(errno));
    if (written < 0) written = 0;
    if ((size_t)written == length) return;
  }
  c->out = grown(c->out, &c->out_size, c->out_length + length - written);
  memcpy(c->out + c->out_length, bytes + written, length - written);
  c->out_length += length - written;
  want(c, WANT_WRITE);
}

static void write_waiting(connection_t *c) {
  ssize_t written = write(c->fd, c->out, c->out_length);
  if (written < 0 && errno != EAGAIN) return lose(c, strerror(errno));
  if (written < 0) return;
  memmove(c->out, c->out + written, c->out_length - written);
  c->out_length -= written;
  if (!c->out_length) want(c, WANT_READ);
}

static void send_frame(connection_t *c, int opcode, const char *payload, size_t length) {
  static char frame[BUFFER_SIZE];
  static const uint8_t mask[4] = {0x3a, 0x91, 0x5c, 0xe7};
  if (length > 65535) die("a frame of more than 65,535 bytes");
  size_t head = 2;
  frame[0] = (char)(0x80 | opcode);
  frame[1] = (char)(0x80 | (length < 126 ? length : 126));
  if (length >= 126) {
    frame[2] = length >> 8;
    frame[3] = length;
    head = 4;
  }
  memcpy(frame + head, mask, 4);
  head += 4;
  for (size_t i = 0; i < length; i++) frame[head + i] = payload[i] ^ mask[i & 3];
  write_out(c, frame, head + length);
}

// --- words ---

static void write_hex(char *out, uint64_t value, int digits) {
  for (int i = digits - 1; i >= 0; i--, value >>= 4) out[i] = "0123456789abcdef"[value & 15];
}

static uint64_t read_hex(const char *text, int digits) {
  uint64_t value = 0;
  for (int i = 0; i < digits; i++) value = value << 4 | (text[i] <= '9' ? text[i] - '0' : text[i] - 'a' + 10);
  return value;
}

static size_t write_body(char *out, connection_t *c, uint64_t time) {
  memcpy(out, "@T", 2);
  write_hex(out + 2, time, 16);
  write_hex(out + 18, c - connections, 6);
  if (body_size > 24) memcpy(out + 24, padding, body_size - 24);
  return body_size > 24 ? body_size : 24;
}

static size_t fill(char *out, const char *template, connection_t *c, uint64_t time) {
  char *start = out;
  for (; *template; template++) {
    if (*template != '%') *out++ = *template;
    else if (!strncmp(template, "%ROOM%", 6)) out += sprintf(out, "%s%u", room_prefix, c->room + c->topic), template += 5;
    else if (!strncmp(template, "%REF%", 5)) out += sprintf(out, "%u", ++c->ref), template += 4;
    else if (!strncmp(template, "%BODY%", 6)) out += write_body(out, c, time), template += 5;
    else *out++ = *template;
  }
  return out - start;
}

static void say(connection_t *c, const char *template, uint64_t time) {
  static char text[BUFFER_SIZE];
  if (template) send_frame(c, 1, text, fill(text, template, c, time));
}

// A binary push of Phoenix V2: kind 0, the lengths of join ref, ref, topic and event, these, the payload.
// Elsewhere a binary message is its body alone.
static void say_binary(connection_t *c, uint64_t time) {
  static char bytes[BUFFER_SIZE];
  char *out = bytes;
  if (!strcmp(dialect.name, "phoenix")) {
    int ref = sprintf(out + 6, "%u", ++c->ref), topic = sprintf(out + 6 + ref, "room:%s%u", room_prefix, c->room + c->topic);
    memcpy(out, (char[]){0, 1, (char)ref, (char)topic, 7, '1'}, 6);
    memcpy(out + 6 + ref + topic, "new_msg", 7);
    out += 6 + ref + topic + 7;
  }
  out += write_body(out, c, time);
  send_frame(c, 2, bytes, out - bytes);
}

static void publish(connection_t *c, uint64_t time) {
  if (c->state != READY) return;
  c->outstanding++;
  published += is_measuring;
  if (mode == ECHO) {
    expected++;
    return say(c, dialect.ask, time);
  }
  c->topic = topic_count > 1 ? (c->topic + 1) % topic_count : 0;
  expected += readers[c->room];
  latest = time;
  if (is_binary) say_binary(c, time);
  else say(c, dialect.publish, time);
}

// --- frames of the server ---

static int holds(const char *bytes, size_t length, const char *text) {
  return !text || memmem(bytes, length, text, strlen(text)) != 0;
}

static void joined(connection_t *c) {
  if (dialect.join && ++c->topic < (uint32_t)topic_count) return say(c, dialect.join, 0);
  c->topic = 0;
  c->state = READY;
  ready_count++;
  opening_count--;
  histogram_add(&joins, now() - c->started);
}

// Goes on with the join as far as nothing has to be awaited.
static void proceed(connection_t *c) {
  if (c->state == GREETED && !dialect.hello) {
    c->state = INTRODUCED;
    say(c, dialect.first, 0);
  }
  if (c->state == INTRODUCED && !dialect.first_ok) {
    c->state = JOINING;
    say(c, dialect.join, 0);
  }
  if (c->state == JOINING && !dialect.join) joined(c);
}

static void take_while_joining(connection_t *c, const char *payload, size_t length) {
  if (c->state == GREETED && holds(payload, length, dialect.hello)) {
    c->state = INTRODUCED;
    say(c, dialect.first, 0);
    proceed(c);
  } else if (c->state == INTRODUCED && holds(payload, length, dialect.first_ok)) {
    c->state = JOINING;
    say(c, dialect.join, 0);
    proceed(c);
  } else if (c->state == JOINING && holds(payload, length, dialect.join_ok)) {
    joined(c);
  }
}

static void take_delivery(connection_t *c, uint64_t sent, int is_own) {
  uint64_t time = now();
  received++;
  if (is_measuring) {
    measured++;
    histogram_add(&latencies, time > sent ? time - sent : 0);
  }
  if (!c->is_publisher || !is_own) return;
  if (c->outstanding) c->outstanding--;
  if (mode != OPEN_LOOP && is_publishing) publish(c, time);
}

static void take_message(connection_t *c, const char *payload, size_t length) {
  if (c->state != READY) return take_while_joining(c, payload, length);
  const char *at = payload, *end = payload + length;
  while ((at = memchr(at, '@', end - at)) && end - at >= 24) {
    if (at[1] == 'T') {
      int is_answer = c->is_publisher && dialect.answer && mode != ECHO && holds(payload, at - payload, dialect.answer);
      if (is_compressed) return lose(c, "a delivery was not compressed");
      if (!is_answer) take_delivery(c, read_hex(at + 2, 16), read_hex(at + 18, 6) == (uint64_t)(c - connections));
      return;
    }
    at++;
  }
  if (dialect.ping && length == strlen(dialect.ping) && !memcmp(payload, dialect.ping, length)) say(c, dialect.pong, 0);
}

// Compressed messages are counted, not read: there is one publisher then, so each is its latest one.
static void take_frame(connection_t *c, uint8_t first, const char *payload, size_t length) {
  int opcode = first & 15;
  if (first & 0x40 && c->state == READY) take_delivery(c, latest, 1);
  else if (opcode <= 2) take_message(c, payload, length);
  else if (opcode == 8) lose(c, "the server closed");
  else if (opcode == 9) send_frame(c, 10, payload, length);
}

// Gives the number of bytes that were whole frames.
static size_t parse(connection_t *c, const char *bytes, size_t length) {
  size_t at = 0;
  if (c->state == UPGRADING) {
    const char *end = memmem(bytes, length, "\r\n\r\n", 4);
    if (!end) return 0;
    if (memcmp(bytes + 9, "101", 3)) return lose(c, "the upgrade was refused"), length;
    at = end + 4 - bytes;
    c->state = GREETED;
    proceed(c);
  }
  while (c->state != DEAD && length - at >= 2) {
    const uint8_t *head = (const uint8_t *)bytes + at;
    size_t payload = head[1] & 127, head_length = payload < 126 ? 2 : payload == 126 ? 4 : 10;
    if (length - at < head_length) break;
    if (head_length > 2) payload = 0;
    for (size_t i = 2; i < head_length; i++) payload = payload << 8 | head[i];
    if (length - at < head_length + payload) break;
    take_frame(c, head[0], bytes + at + head_length, payload);
    at += head_length + payload;
  }
  return c->state == DEAD ? length : at;
}

static void read_in(connection_t *c) {
  static char buffer[BUFFER_SIZE];
  size_t kept = c->in_length;
  if (kept > sizeof buffer / 2) die("the server sent a frame that is too large");
  if (kept) memcpy(buffer, c->in, kept);
  ssize_t got = read(c->fd, buffer + kept, sizeof buffer - kept);
  if (got < 0 && errno == EAGAIN) return;
  if (got <= 0) return lose(c, got ? strerror(errno) : "the server hung up");
  size_t length = kept + got, used = parse(c, buffer, length);
  if (c->state == DEAD) return;
  c->in_length = length - used;
  c->in = grown(c->in, &c->in_size, c->in_length);
  if (c->in_length) memcpy(c->in, buffer + used, c->in_length);
}

// --- connections ---

static void request_upgrade(connection_t *c) {
  char request[1024];
  int error = 0;
  socklen_t length = sizeof error;
  getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &length);
  if (error) return lose(c, strerror(error));
  const char *subprotocol = dialect.subprotocol;
  int count = snprintf(request, sizeof request,
    "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nOrigin: http://127.0.0.1:%d\r\n%s%s%s%s\r\n",
    dialect.path, port, port,
    is_compressed ? "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n" : "",
    subprotocol ? "Sec-WebSocket-Protocol: " : "", subprotocol ? subprotocol : "",
    subprotocol ? "\r\n" : "");
  c->state = UPGRADING;
  want(c, WANT_READ);
  write_out(c, request, count);
}

static void open_connection(connection_t *c) {
  int one = 1;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  if (c->fd < 0) die("socket: %s; raise the limit of open files", strerror(errno));
  setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  c->state = CONNECTING;
  c->wants = WANT_WRITE;
  c->started = now();
  opening_count++;
  if (connect(c->fd, (void *)&address, sizeof address) && errno != EINPROGRESS) return lose(c, strerror(errno));
  struct epoll_event event = {.events = EPOLLIN | EPOLLOUT, .data.u32 = c - connections};
  epoll_ctl(poller, EPOLL_CTL_ADD, c->fd, &event);
}

static void send_heartbeats(void) {
  static uint64_t last;
  if (!last) last = now();
  if (!dialect.heartbeat || now() - last < 25 * SECOND) return;
  last = now();
  for (int i = 0; i < connection_count; i++)
    if (connections[i].state == READY) say(&connections[i], dialect.heartbeat, 0);
}

static void take_event(struct epoll_event event) {
  char ignored[64];
  if (event.data.u32 == STDIN_ID) {
    is_stdin_open = read(0, ignored, sizeof ignored) > 0;
    return;
  }
  connection_t *c = &connections[event.data.u32];
  if (c->state == DEAD) return;
  if (c->state == CONNECTING) return request_upgrade(c);
  if (event.events & EPOLLOUT) write_waiting(c);
  if (c->state != DEAD && event.events & (EPOLLIN | EPOLLHUP | EPOLLERR)) read_in(c);
}

static void wait_for_events(uint64_t ns) {
  static struct epoll_event events[1024];
  struct timespec limit = {ns / SECOND, ns % SECOND};
  send_heartbeats();
  int count = epoll_pwait2(poller, events, 1024, &limit, 0);
  for (int i = 0; i < count; i++) take_event(events[i]);
}

// --- phases ---

static void join_all(void) {
  uint64_t limit = now() + 60 * SECOND;
  int next = 0;
  while (ready_count + dead_count < connection_count && now() < limit) {
    while (next < connection_count && opening_count < opening_at_once) open_connection(&connections[next++]);
    wait_for_events(SECOND / 10);
  }
}

static void hold(void) {
  struct epoll_event event = {.events = EPOLLIN, .data.u32 = STDIN_ID};
  if (epoll_ctl(poller, EPOLL_CTL_ADD, 0, &event)) die("--hold waits for the end of a pipe");
  puts("joined");
  fflush(stdout);
  while (is_stdin_open) wait_for_events(SECOND);
}

// The last connections never read again. They are no readers, so nothing is expected of them.
static void stall(void) {
  for (int i = connection_count - stalled_count; i < connection_count; i++) {
    if (connections[i].is_publisher || connections[i].state != READY) continue;
    want(&connections[i], STALLED);
    readers[connections[i].room]--;
  }
}

// Publishes what is due by now. A message carries the time at which it was due, so a late sender shows as latency.
static uint64_t publish_due(uint64_t time) {
  static double due;
  static uint64_t count;
  if (!due) due = (double)time;
  for (int burst = 0; due <= (double)time && burst < 4096; burst++, due += SECOND / rate)
    publish(&connections[publishers[count++ % publisher_count]], (uint64_t)due);
  return due > (double)time ? (uint64_t)due - time : 0;
}

typedef struct { double server_cpu, own_cpu, machine_cpu; uint64_t time; } mark_t;

static mark_t mark(void) {
  mark_t m = {.own_cpu = own_cpu(), .machine_cpu = machine_cpu(), .time = now()};
  for (int i = 0; i < pid_count; i++) m.server_cpu += cpu_of(pids[i]);
  return m;
}

static void run(mark_t *from, mark_t *to) {
  uint64_t start = now() + (uint64_t)(warm_s * SECOND), end = start + (uint64_t)(measured_s * SECOND);
  is_publishing = 1;
  if (mode != OPEN_LOOP)
    for (int i = 0; i < publisher_count; i++) publish(&connections[publishers[i]], now());
  for (uint64_t time = now(); time < end; time = now()) {
    if (!is_measuring && time >= start) {
      is_measuring = 1;
      *from = mark();
    }
    uint64_t pause = mode == OPEN_LOOP ? publish_due(time) : SECOND / 50, left = (is_measuring ? end : start) - time;
    if (pause > SECOND / 50) pause = SECOND / 50;
    wait_for_events(pause < left ? pause : left);
  }
  *to = mark();
  is_measuring = is_publishing = 0;
}

// What is still under way arrives, or two seconds pass in which nothing does.
static void drain(void) {
  uint64_t last = received, limit = now() + 2 * SECOND;
  while (received < expected && now() < limit) {
    wait_for_events(SECOND / 50);
    if (received != last) limit = now() + 2 * SECOND;
    last = received;
  }
  // A frame too many would come now.
  for (limit = now() + SECOND / 20; now() < limit;) wait_for_events(SECOND / 100);
}

// --- command line ---

static int is(const char *a, const char *b) { return !strcmp(a, b); }

static int mode_of(const char *name) {
  static const char *const names[] = {"closed", "open", "echo", "idle"};
  for (int i = 0; i < 4; i++)
    if (is(name, names[i])) return i;
  die("no mode %s", name);
  return 0;
}

static dialect_t dialect_of(const char *name) {
  for (size_t i = 0; i < sizeof DIALECTS / sizeof *DIALECTS; i++)
    if (is(name, DIALECTS[i].name)) return DIALECTS[i];
  die("no dialect %s", name);
  return DIALECTS[0];
}

static void read_pids(char *list) {
  for (char *pid = strtok(list, ","); pid && pid_count < 64; pid = strtok(0, ",")) pids[pid_count++] = atoi(pid);
}

// Returns whether the option takes a value.
static int read_option(const char *name, char *value) {
  if (is(name, "--binary")) return is_binary = 1, 0;
  if (is(name, "--compressed")) return is_compressed = 1, 0;
  if (is(name, "--hold")) return is_held = 1, 0;
  if (is(name, "--handshake-only")) return is_handshake_only = 1, 0;
  if (is(name, "--dialect")) dialect = dialect_of(value);
  else if (is(name, "--path")) dialect.path = value;
  else if (is(name, "--mode")) mode = mode_of(value);
  else if (is(name, "--pids")) read_pids(value);
  else if (is(name, "--room-prefix")) room_prefix = value;
  else if (is(name, "--port")) port = atoi(value);
  else if (is(name, "--connections")) connection_count = atoi(value);
  else if (is(name, "--rooms")) room_count = atoi(value);
  else if (is(name, "--topics")) topic_count = atoi(value);
  else if (is(name, "--publishers")) publisher_count = atoi(value);
  else if (is(name, "--size")) body_size = atoi(value);
  else if (is(name, "--at-once")) opening_at_once = atoi(value);
  else if (is(name, "--stalled")) stalled_count = atoi(value);
  else if (is(name, "--rate")) rate = atof(value);
  else if (is(name, "--warm")) warm_s = atof(value);
  else if (is(name, "--measured")) measured_s = atof(value);
  else die("no option %s", name);
  return 1;
}

static void prepare(void) {
  signal(SIGPIPE, SIG_IGN);
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  if (is_handshake_only) dialect.first = dialect.first_ok = dialect.hello = dialect.join = 0;
  if (is_compressed && (publisher_count != 1 || mode != CLOSED_LOOP)) die("--compressed is for one publisher in a closed loop");
  if (publisher_count > connection_count) publisher_count = connection_count;
  padding = malloc(body_size + 1);
  for (int i = 0; i < body_size; i++) padding[i] = "the quick brown fox jumps over the lazy dog "[i % 44];
  // Words in no order, so that a body compresses as text does, to a third.
  uint32_t seed = 1;
  for (int i = 0; is_compressed && i + 4 < body_size; i += 4, seed = seed * 1103515245 + 12345)
    memcpy(padding + i, &"the lane house room tree cat door sun wall roof tea bird rain song stone moon "[(seed >> 16) % 72], 4);
  poller = epoll_create1(0);
  connections = calloc(connection_count, sizeof *connections);
  readers = calloc(room_count, sizeof *readers);
  publishers = calloc(publisher_count + 1, sizeof *publishers);
  int room_size = connection_count / room_count ? connection_count / room_count : 1;
  for (int i = 0; i < connection_count; i++) {
    connections[i].room = i / room_size % room_count;
    readers[connections[i].room]++;
  }
  // Spread evenly, so that many rooms have a publisher each.
  for (int i = 0; i < publisher_count; i++) {
    publishers[i] = (int)((int64_t)i * connection_count / publisher_count);
    connections[publishers[i]].is_publisher = 1;
  }
}

static void report(double join_s, double join_cpu, mark_t from, mark_t to) {
  double seconds = (to.time - from.time) / 1e9, server = to.server_cpu - from.server_cpu, own = to.own_cpu - from.own_cpu;
  double foreign = to.machine_cpu - from.machine_cpu - server - own;
  if (seconds <= 0) seconds = 1e-9;
  printf("{\"joined\":%d,\"lost\":%d,\"error\":\"%s\",", ready_count, dead_count, error_text);
  printf("\"joinSeconds\":%.4f,\"joinCpuSeconds\":%.4f,\"joinP99Ms\":%.3f,", join_s, join_cpu, histogram_ms(&joins, .99));
  printf("\"expected\":%lu,\"received\":%lu,", (unsigned long)expected, (unsigned long)received);
  printf("\"publishedPerSecond\":%.1f,\"deliveriesPerSecond\":%.1f,", published / seconds, measured / seconds);
  printf("\"microsPerDelivery\":%.4f,", measured ? server * 1e6 / measured : 0);
  printf("\"p50Ms\":%.3f,\"p99Ms\":%.3f,", histogram_ms(&latencies, .5), histogram_ms(&latencies, .99));
  printf("\"serverCpu\":%.3f,\"loadCpu\":%.3f,\"foreignCpu\":%.3f}\n", server / seconds, own / seconds, foreign / seconds);
}

int main(int count, char **words) {
  dialect = DIALECTS[0];
  for (int i = 1; i < count; i++) i += read_option(words[i], i + 1 < count ? words[i + 1] : (char[]){0});
  prepare();
  mark_t before = mark();
  join_all();
  mark_t after = mark(), from = after, to = after;
  if (is_held) hold();
  if (mode != IDLE && ready_count > 0) {
    stall();
    run(&from, &to);
    drain();
  }
  report((after.time - before.time) / 1e9, after.server_cpu - before.server_cpu, from, to);
  return 0;
}
