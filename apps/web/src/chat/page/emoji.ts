// Each is one code point.
const LINE =
  "👍❤😂🎉😮😢🙏🔥👏😀😃😄😁😆😅🤣😊😇🙂😉😍🥰😘😋😜🤔🤨😐😑😶🙄😏😣😥😪😫😴😌😛😒😓😔😕🙃🤑😲🙁😖😞😟😤😭😦😧😨😩😬😰😱😳🤪😵😡😠🤬😷🤒🤕🤢🤮🤧🥳🥺🤠🤡🤥🤫🤭🧐🤓👻👽🤖💩😺💪👈👉👆👇✌🤞🤘👌✋👋🤙🙌👐🤝💋💔💯💤💬🌹🌸🌞🌙⭐🌈☔⚡❄🎂🍎🍉🍑🥟🍜🍚🍺🍻🥂🍵☕🏮🧧🎁🎈🎊⚽🏀🎮🎵🚗✈🚀🏠⏰📷📌✅❌❓❗";

/** The emoji that can be picked, the most used ones first. */
export const EMOJI: readonly string[] = Array.from(LINE);
