// Slack's `<!date^…>`: a moment, written for each reader in their own zone.

export type Zone = {
  /** Milliseconds; decides what is today. */
  readonly now: number;
  /** IANA name. */
  readonly timeZone: string;
};

const DAY = 86_400_000;

const format = (at: number, { timeZone }: Zone, options: Intl.DateTimeFormatOptions): string =>
  new Intl.DateTimeFormat('en-GB', { timeZone, ...options }).format(at);

const dayOf = (at: number, zone: Zone) => format(at, zone, { dateStyle: 'short' });

const pretty = (at: number, zone: Zone, otherwise: string): string => {
  if (dayOf(at, zone) === dayOf(zone.now, zone)) return 'today';
  if (dayOf(at, zone) === dayOf(zone.now - DAY, zone)) return 'yesterday';
  if (dayOf(at, zone) === dayOf(zone.now + DAY, zone)) return 'tomorrow';
  return otherwise;
};

const token = (name: string, at: number, zone: Zone): string | undefined => {
  const full = () => format(at, zone, { weekday: 'long', year: 'numeric', month: 'long', day: 'numeric' });
  const plain = () => format(at, zone, { year: 'numeric', month: 'long', day: 'numeric' });
  const short = () => format(at, zone, { year: 'numeric', month: 'short', day: 'numeric' });
  switch (name) {
    case 'date_num':
      return new Intl.DateTimeFormat('sv-SE', { timeZone: zone.timeZone }).format(at);
    case 'date':
      return plain();
    case 'date_short':
      return short();
    case 'date_long':
      return full();
    case 'date_pretty':
      return pretty(at, zone, plain());
    case 'date_short_pretty':
      return pretty(at, zone, short());
    case 'date_long_pretty':
      return pretty(at, zone, full());
    case 'time':
      return format(at, zone, { hour: '2-digit', minute: '2-digit' });
    case 'time_secs':
      return format(at, zone, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
    default:
      return undefined;
  }
};

/** `body` is what stands between `<!date^` and `>`: `UNIX^FORMAT^LINK|FALLBACK`; the fallback if a token is unknown. */
export const slackDate = (body: string, zone: Zone): string => {
  const bar = body.lastIndexOf('|');
  const fallback = bar < 0 ? '' : body.slice(bar + 1);
  const [seconds = '', wanted = ''] = (bar < 0 ? body : body.slice(0, bar)).split('^');
  const at = Number(seconds) * 1000;
  const names = [...wanted.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  if (!Number.isFinite(at) || names.some((name) => token(name, at, zone) === undefined)) return fallback;
  return wanted.replaceAll(/\{(\w+)\}/g, (_, name: string) => token(name, at, zone) ?? '');
};
