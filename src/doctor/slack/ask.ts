// One call to Slack's Web API, without its libraries: what Slack says, or why it said nothing. Never throws, and never waits long.

import { z } from 'zod';
import { type Duration, second } from '../../rig/duration.ts';

export type SlackSays<T> =
  | { readonly kind: 'yes'; readonly answer: T }
  /** Slack's own word, `invalid_auth`. */
  | { readonly kind: 'no'; readonly error: string }
  | { readonly kind: 'silent'; readonly detail: string };

export type Heard<T> = SlackSays<T> & {
  /** What the token may do; `undefined`: Slack does not say. */
  readonly scopes?: readonly string[] | undefined;
  /** How far this machine's clock is ahead of Slack's, within a second or two. */
  readonly skew?: Duration | undefined;
};

export type SlackAsker = {
  readonly ask: <T>(
    method: string,
    token: string,
    schema: z.ZodType<T>,
    args?: Readonly<Record<string, string>>,
  ) => Promise<Heard<T>>;
};

const patience: Duration = 6 * second;

const outcome = z.object({ ok: z.boolean(), error: z.string().optional() });

/** `apiUrl`: with a slash at its end. */
export const createSlackAsker = (apiUrl: string): SlackAsker => ({
  ask: async (method, token, schema, args = {}) => {
    try {
      const response = await fetch(`${apiUrl}${method}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
        // Sends it form-encoded, as all methods take it.
        body: new URLSearchParams(args),
        redirect: 'error',
        signal: AbortSignal.timeout(patience),
      });
      if (response.status !== 200) return { kind: 'silent', detail: `status ${response.status}` };
      const body: unknown = await response.json();
      const { ok, error = 'no reason' } = outcome.parse(body);
      const facts = { scopes: scopesOf(response), skew: skewOf(response) };
      return ok ? { kind: 'yes', answer: schema.parse(body), ...facts } : { kind: 'no', error, ...facts };
    } catch (error) {
      return { kind: 'silent', detail: detailOf(error) };
    }
  },
});

const scopesOf = ({ headers }: Response): readonly string[] | undefined =>
  headers
    .get('x-oauth-scopes')
    ?.split(',')
    .map((scope) => scope.trim())
    .filter((scope) => scope !== '');

const skewOf = ({ headers }: Response): Duration | undefined => {
  const at = Date.parse(headers.get('date') ?? '');
  return Number.isNaN(at) ? undefined : Date.now() - at;
};

const caused = z.object({ cause: z.object({ message: z.string(), code: z.string().optional() }) });
const several = z.object({ cause: z.object({ errors: z.array(z.object({ message: z.string() })).min(1) }) });

/** `fetch failed` says nothing; its cause does. */
export const detailOf = (error: unknown): string => {
  if (error instanceof DOMException && error.name === 'TimeoutError')
    return `no answer within ${patience / second} s`;
  if (error instanceof z.ZodError || error instanceof SyntaxError) return 'what answers there is not Slack';
  const all = several.safeParse(error).data?.cause.errors[0]?.message;
  const { message = '', code } = caused.safeParse(error).data?.cause ?? {};
  return all ?? (message || code || (error instanceof Error ? error.message : String(error)));
};
