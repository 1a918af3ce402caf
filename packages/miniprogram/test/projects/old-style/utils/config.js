module.exports = { host: "chat.example.com" };
