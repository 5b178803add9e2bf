// Ends a switch over a union: a case that was forgotten does not type-check.

export const assertNever = (value: never): never => {
  throw new Error(`a case was forgotten: ${JSON.stringify(value)}`);
};
