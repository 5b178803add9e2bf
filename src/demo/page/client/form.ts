// What has been filled in and not been sent yet: a modal keeps it until it is submitted.

import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Value } from './element-values.ts';

export type Form = {
  /** By action id, as far as it was touched. */
  readonly touched: Readonly<Record<string, Value>>;
  readonly set: (actionId: string, value: Value) => void;
  /** By block id. */
  readonly errors: Readonly<Record<string, string>>;
};

export const FormContext = createContext<Form | undefined>(undefined);

/** `undefined` outside of a modal. */
export const useForm = (): Form | undefined => useContext(FormContext);
