/** How long messages can be changed. */
export interface MessageRules {
  /** How long a sender can take a message back, in milliseconds; admins of groups always can. @defaultValue 120_000 */
  readonly recallWindowMs: number;
  /** What is added to it for the way to the server, in milliseconds. @defaultValue 3_000 */
  readonly recallGraceMs: number;
  /** How long a sender can edit a text, in milliseconds; 0 is never. @defaultValue 900_000 */
  readonly editWindowMs: number;
}

/** Defaults of {@link MessageRules}. */
export const DEFAULT_MESSAGE_RULES: MessageRules = {
  recallWindowMs: 120_000,
  recallGraceMs: 3_000,
  editWindowMs: 900_000,
};
