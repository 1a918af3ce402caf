/** Evaluates an expression of a project in the scope of the realm, under a name that its errors show. */
export function evaluate(expression: string, name: string): unknown {
  // Running a project's code is what the logic layer is for; around it is a
  // Worker of an origin of its own, or a test.
  // oxlint-disable-next-line eslint/no-eval
  return (0, eval)(`${expression}\n//# sourceURL=mini-program/${name}`);
}
