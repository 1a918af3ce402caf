// The words of each kind of server. Templates know %ROOM% (a room's name), %REF%
// (a number that grows) and %BODY% (the time and the publisher, padded to the size).
#ifndef DIALECT_H
#define DIALECT_H

typedef struct {
  const char *name, *path, *subprotocol;
  const char *hello;           // text that the server greets with before anything may be sent
  const char *first, *first_ok; // one exchange before the join
  const char *join, *join_ok;
  const char *publish;
  const char *ask;             // a request whose reply carries its body
  const char *heartbeat;       // sent every 25 s
  const char *answer;          // text of the frames that answer a publish: no deliveries
  const char *ping, *pong;     // a whole frame of the server's, and what it wants back
} dialect_t;

static const dialect_t DIALECTS[] = {
  {.name = "plain", .path = "/",
   .join = "{\"type\":\"join\",\"room\":\"%ROOM%\"}", .join_ok = "\"joined\"",
   .publish = "{\"type\":\"publish\",\"room\":\"%ROOM%\",\"body\":\"%BODY%\"}",
   .ask = "{\"type\":\"echo\",\"ref\":%REF%,\"body\":\"%BODY%\"}"},
  {.name = "phoenix", .path = "/socket/websocket?vsn=2.0.0",
   .join = "[\"1\",\"1\",\"room:%ROOM%\",\"phx_join\",{}]", .join_ok = "\"phx_reply\"",
   .publish = "[\"1\",\"%REF%\",\"room:%ROOM%\",\"new_msg\",{\"body\":\"%BODY%\"}]",
   .ask = "[\"1\",\"%REF%\",\"room:%ROOM%\",\"echo\",{\"body\":\"%BODY%\"}]",
   .heartbeat = "[null,\"%REF%\",\"phoenix\",\"heartbeat\",{}]", .answer = "\"phx_reply\""},
  {.name = "action-cable", .path = "/cable", .subprotocol = "actioncable-v1-json", .hello = "\"welcome\"",
   .join = "{\"command\":\"subscribe\",\"identifier\":\"{\\\"channel\\\":\\\"ChatChannel\\\",\\\"room\\\":\\\"%ROOM%\\\"}\"}",
   .join_ok = "confirm_subscription",
   .publish = "{\"command\":\"message\",\"identifier\":\"{\\\"channel\\\":\\\"ChatChannel\\\",\\\"room\\\":\\\"%ROOM%\\\"}\","
              "\"data\":\"{\\\"action\\\":\\\"speak\\\",\\\"body\\\":\\\"%BODY%\\\"}\"}",
   .ask = "{\"command\":\"message\",\"identifier\":\"{\\\"channel\\\":\\\"ChatChannel\\\",\\\"room\\\":\\\"%ROOM%\\\"}\","
          "\"data\":\"{\\\"action\\\":\\\"repeat\\\",\\\"body\\\":\\\"%BODY%\\\"}\"}"},
  {.name = "socket.io", .path = "/socket.io/?EIO=4&transport=websocket", .hello = "0{", .first = "40", .first_ok = "40{",
   .join = "420[\"join\",\"%ROOM%\"]", .join_ok = "430[",
   .publish = "42[\"publish\",{\"room\":\"%ROOM%\",\"body\":\"%BODY%\"}]",
   .ask = "42%REF%[\"echo\",{\"body\":\"%BODY%\"}]", .ping = "2", .pong = "3"},
  {.name = "centrifugo", .path = "/connection/websocket", .first = "{\"id\":1,\"connect\":{}}", .first_ok = "\"connect\"",
   .join = "{\"id\":2,\"subscribe\":{\"channel\":\"%ROOM%\"}}", .join_ok = "\"subscribe\"",
   .publish = "{\"id\":%REF%,\"publish\":{\"channel\":\"%ROOM%\",\"data\":{\"body\":\"%BODY%\"}}}", .ping = "{}", .pong = "{}"},
};

#endif
