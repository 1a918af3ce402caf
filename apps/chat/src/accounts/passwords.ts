import { hash, verify } from "@node-rs/argon2";

/** What hashes and checks passwords. */
export interface Argon2 {
  /** A hash with a salt of its own, as a text that names its parameters. */
  hash(password: string, options: typeof ARGON2_COST): Promise<string>;
  /** Whether a hash is one of the password. Rejects when the text is no hash. */
  verify(hash: string, password: string): Promise<boolean>;
}

/** Argon2id with 19 MiB, twice over: memory in KiB. */
const ARGON2_COST = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** The hash of a forgotten password at the same cost. */
const DECOY = "$argon2id$v=19$m=19456,t=2,p=1$7lvHd1DlroCmLeFBayx/tg$HqgcT+UUO8SLLg4tARcYEmT5z6gfd0ZPiJNWMH0hEFQ";

/** Hashes passwords, and checks them in a time that does not tell whether there is an account. */
export class Passwords {
  readonly #argon2: Argon2;

  constructor(argon2: Argon2 = { hash, verify }) {
    this.#argon2 = argon2;
  }

  /** What is stored of a password. */
  hash(password: string): Promise<string> {
    return this.#argon2.hash(password, ARGON2_COST);
  }

  /** Whether a password belongs to a hash; of `undefined`, the hash of nobody, it does not, at the same cost. */
  async matches(password: string, hash: string | undefined): Promise<boolean> {
    const isMatch = await this.#argon2.verify(hash ?? DECOY, password);
    return isMatch && hash !== undefined;
  }
}
