export const describe = (name) => `from ${name}`;
