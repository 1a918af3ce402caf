// limit: what the machine gives at best. A room server in C on one thread with the words of the "plain"
// dialect, no checks and no limits. With "batch" as its argument the frames of one turn of the loop are
// written together, one write per subscriber; otherwise each frame is written to each subscriber at once.
// A yardstick, not a server: it trusts its clients.
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_FDS (1 << 17)
#define MAX_ROOMS 4096
#define BUFFER_SIZE (1 << 18)

typedef struct {
  int fd, is_upgraded, room, place;
  char *in, *out;
  uint32_t in_length, in_size, out_length, out_start, out_size;
} connection_t;

typedef struct {
  char name[32];
  int *members, count, size, is_dirty;
  char *out;
  uint32_t out_length, out_size;
} room_t;

static connection_t *connections[MAX_FDS];
static room_t rooms[MAX_ROOMS];
static int poller, listener, room_count, is_batching, dirty[MAX_ROOMS], dirty_count;
static char buffer[BUFFER_SIZE], text[BUFFER_SIZE], framed[BUFFER_SIZE];

static char *grown(char *memory, uint32_t *size, uint32_t needed) {
  if (needed <= *size) return memory;
  *size = needed * 2;
  return realloc(memory, *size);
}

static void watch(int fd, int operation, uint32_t events) {
  struct epoll_event event = {.events = events, .data.fd = fd};
  epoll_ctl(poller, operation, fd, &event);
}

static void drop(connection_t *c) {
  if (c->room >= 0) {
    room_t *room = &rooms[c->room];
    int last = room->members[--room->count];
    room->members[c->place] = last;
    connections[last]->place = c->place;
  }
  connections[c->fd] = 0;
  close(c->fd);
  free(c->in);
  free(c->out);
  free(c);
}

static void put(connection_t *c, const char *bytes, size_t length) {
  if (c->out_length == c->out_start) {
    ssize_t written = write(c->fd, bytes, length);
    if (written == (ssize_t)length || (written < 0 && errno != EAGAIN)) return;
    if (written > 0) bytes += written, length -= written;
    c->out_length = c->out_start = 0;
    watch(c->fd, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT);
  }
  c->out = grown(c->out, &c->out_size, c->out_length + length);
  memcpy(c->out + c->out_length, bytes, length);
  c->out_length += length;
}

static void put_waiting(connection_t *c) {
  ssize_t written = write(c->fd, c->out + c->out_start, c->out_length - c->out_start);
  if (written > 0) c->out_start += written;
  if (c->out_start < c->out_length) return;
  free(c->out);
  c->out = 0;
  c->out_length = c->out_start = c->out_size = 0;
  watch(c->fd, EPOLL_CTL_MOD, EPOLLIN);
}

static size_t frame(size_t length) {
  size_t head = length < 126 ? 2 : 4;
  framed[0] = (char)0x81;
  framed[1] = length < 126 ? (char)length : 126;
  if (head == 4) framed[2] = length >> 8, framed[3] = length;
  memcpy(framed + head, text, length);
  return head + length;
}

static void put_to_room(int index, size_t length) {
  room_t *room = &rooms[index];
  if (!is_batching) {
    for (int i = 0; i < room->count; i++) put(connections[room->members[i]], framed, length);
    return;
  }
  room->out = grown(room->out, &room->out_size, room->out_length + length);
  memcpy(room->out + room->out_length, framed, length);
  room->out_length += length;
  if (!room->is_dirty) dirty[dirty_count++] = index;
  room->is_dirty = 1;
}

static void flush_rooms(void) {
  for (int k = 0; k < dirty_count; k++) {
    room_t *room = &rooms[dirty[k]];
    for (int i = 0; i < room->count; i++) put(connections[room->members[i]], room->out, room->out_length);
    room->out_length = room->is_dirty = 0;
  }
  dirty_count = 0;
}

static int room_named(const char *name, int length) {
  for (int i = room_count - 1; i >= 0; i--)
    if ((int)strlen(rooms[i].name) == length && !memcmp(rooms[i].name, name, length)) return i;
  memcpy(rooms[room_count].name, name, length < 31 ? length : 31);
  return room_count++;
}

static void enter(connection_t *c, const char *name, int length) {
  c->room = room_named(name, length);
  room_t *room = &rooms[c->room];
  if (room->count == room->size) {
    room->size = room->size ? room->size * 2 : 8;
    room->members = realloc(room->members, room->size * sizeof(int));
  }
  c->place = room->count;
  room->members[room->count++] = c->fd;
}

// The value of a field, without its quotes.
static const char *field(const char *message, const char *name, int *length) {
  const char *value = strstr(message, name);
  *length = 0;
  if (!value) return message;
  value += strlen(name);
  if (*value == '"') value++;
  *length = (int)strcspn(value, "\",}");
  return value;
}

static void take_message(connection_t *c, const char *message) {
  int length, ref_length;
  if (strstr(message, "\"type\":\"publish\"")) {
    const char *body = field(message, "\"body\":", &length);
    int count = sprintf(text, "{\"type\":\"message\",\"room\":\"%s\",\"body\":\"%.*s\"}", rooms[c->room].name, length, body);
    put_to_room(c->room, frame(count));
  } else if (strstr(message, "\"type\":\"echo\"")) {
    const char *body = field(message, "\"body\":", &length), *ref = field(message, "\"ref\":", &ref_length);
    int count = sprintf(text, "{\"type\":\"reply\",\"ref\":%.*s,\"body\":\"%.*s\"}", ref_length, ref, length, body);
    put(c, framed, frame(count));
  } else if (strstr(message, "\"type\":\"join\"")) {
    const char *name = field(message, "\"room\":", &length);
    enter(c, name, length);
    put(c, framed, frame(sprintf(text, "{\"type\":\"joined\",\"room\":\"%.*s\"}", length, name)));
  }
}

static size_t upgrade(connection_t *c, size_t length) {
  // Every load generator of ours sends the same key, so its answer is known.
  static const char answer[] = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                               "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";
  const char *end = memmem(buffer, length, "\r\n\r\n", 4);
  if (!end) return 0;
  c->is_upgraded = 1;
  put(c, answer, sizeof answer - 1);
  return end + 4 - buffer;
}

// Gives the number of bytes that were whole frames, or -1 when the client says good-bye.
static ssize_t parse(connection_t *c, size_t length) {
  size_t at = c->is_upgraded ? 0 : upgrade(c, length);
  while (c->is_upgraded && length - at >= 6) {
    uint8_t *head = (uint8_t *)buffer + at;
    size_t payload = head[1] & 127, head_length = payload < 126 ? 2 : 4;
    if (payload == 126) payload = head[2] << 8 | head[3];
    if (length - at < head_length + 4 + payload) break;
    if ((head[0] & 15) == 8) return -1;
    char *mask = buffer + at + head_length, *message = mask + 4, kept = message[payload];
    for (size_t i = 0; i < payload; i++) message[i] ^= mask[i & 3];
    message[payload] = 0;
    take_message(c, message);
    message[payload] = kept;
    at += head_length + 4 + payload;
  }
  return at;
}

static void read_in(connection_t *c) {
  size_t kept = c->in_length;
  if (kept) memcpy(buffer, c->in, kept);
  ssize_t got = read(c->fd, buffer + kept, sizeof buffer - kept - 1);
  if (got < 0 && errno == EAGAIN) return;
  ssize_t used = got <= 0 ? -1 : parse(c, kept + got);
  if (used < 0) return drop(c);
  c->in_length = kept + got - used;
  c->in = grown(c->in, &c->in_size, c->in_length);
  if (c->in_length) memcpy(c->in, buffer + used, c->in_length);
}

static void accept_all(void) {
  int fd, one = 1;
  while ((fd = accept4(listener, 0, 0, SOCK_NONBLOCK)) >= 0) {
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    connections[fd] = calloc(1, sizeof(connection_t));
    connections[fd]->fd = fd;
    connections[fd]->room = -1;
    watch(fd, EPOLL_CTL_ADD, EPOLLIN);
  }
}

static void start(void) {
  struct rlimit files;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  signal(SIGPIPE, SIG_IGN);
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  poller = epoll_create1(0);
  listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  if (bind(listener, (void *)&address, sizeof address) || listen(listener, 4096)) exit(1);
  getsockname(listener, (void *)&address, &length);
  watch(listener, EPOLL_CTL_ADD, EPOLLIN);
  watch(0, EPOLL_CTL_ADD, EPOLLIN);
  printf("listening %d\n", ntohs(address.sin_port));
  fflush(stdout);
}

// A line on standard input asks for a tidy heap; there is nothing to tidy here. Its end ends the server.
static void take_order(void) {
  char line[64];
  if (read(0, line, sizeof line) <= 0) exit(0);
  puts("collected 0");
  fflush(stdout);
}

int main(int count, char **words) {
  static struct epoll_event events[1024];
  is_batching = count > 1 && !strcmp(words[1], "batch");
  start();
  for (;;) {
    int ready = epoll_wait(poller, events, 1024, -1);
    for (int i = 0; i < ready; i++) {
      int fd = events[i].data.fd;
      if (fd == listener) accept_all();
      else if (fd == 0) take_order();
      else if (connections[fd]) {
        if (events[i].events & EPOLLOUT) put_waiting(connections[fd]);
        if (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) read_in(connections[fd]);
      }
    }
    flush_rooms();
  }
}
