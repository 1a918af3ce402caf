export {
  createJwtVerifier,
  type JwtKey,
  type JwtVerification,
  type JwtVerifier,
  type JwtVerifierOptions,
} from "./jwt-verifier.ts";
