// The shapes of what the emulator keeps of the traffic: the journal, and the rules that the bot broke.

export type JournalEntry = {
  readonly seq: number;
  readonly at: number;
  readonly direction: 'from-bot' | 'to-bot' | 'none';
  readonly kind: /** A Web API call, and what it was answered. */
    | 'api-call'
    | 'api-answer'
    /** A POST to a `response_url`, and what it was answered. */
    | 'respond'
    | 'respond-answer'
    /** A file's content, and what it was answered. */
    | 'upload'
    | 'upload-answer'
    /** A delivery over a socket, and its ack. */
    | 'envelope'
    | 'ack'
    /** A delivery by signed HTTP, and its ack. */
    | 'request'
    | 'request-ack'
    /** A delivery that was not acknowledged in time, or could not be made. */
    | 'no-ack'
    /** `name` is `hello`, `disconnect` or `closed`. */
    | 'socket'
    /** A rule of Slack's was broken; `name` is the rule. */
    | 'violation'
    /** A fault that was asked for struck; `name` is its kind. */
    | 'fault';
  /** Method, envelope type (`slash_commands`, `interactive`, `events_api`), rule … */
  readonly name: string;
  /** Parsed; tokens are left out. */
  readonly body: unknown;
  /** The same for a call and its answer, a delivery and its ack. */
  readonly ref: string;
};

export type Rule =
  | 'unknown-method'
  | 'unknown-field'
  | 'bad-argument'
  | 'wrong-token'
  | 'missing-scope'
  | 'invalid-blocks'
  | 'text-limit'
  | 'no-text'
  | 'late-ack'
  | 'bad-ack'
  | 'double-ack'
  | 'unknown-envelope'
  | 'trigger-reused'
  | 'trigger-expired'
  | 'response-url-overused'
  | 'response-url-expired'
  | 'too-fast'
  | 'ephemeral-updated'
  /** What a submission was answered makes no sense: an error at no input, a view that is none. */
  | 'bad-response-action';

export type Violation = {
  readonly rule: Rule;
  /** Method, `response_url`, or the delivery's type. */
  readonly where: string;
  readonly detail: string;
  readonly at: number;
};
