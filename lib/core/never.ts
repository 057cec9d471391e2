/** Ends a switch over a union: a new member makes the call a type error, and a forged value a loud one. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${typeof value}`);
}
