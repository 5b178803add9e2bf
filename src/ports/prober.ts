// Who is on an address of the LAN, and the word to the LAN that somebody is.

export type Probe =
  | { readonly kind: 'silent' }
  /** `mac` in small letters, `ea:03:20:43:76:99`; on an address of the host's own what listens there, `port 8443`. */
  | { readonly kind: 'answered'; readonly mac: string }
  /** It could not be asked; `why` is one line. */
  | { readonly kind: 'failed'; readonly why: string };

export type Prober = {
  /** Takes about a second where nobody answers. Of the machine's own containers it sees nothing. */
  readonly ask: (address: string) => Promise<Probe>;
};

export type Announcer = {
  /** Tells the LAN from inside this container that it has this address now; neighbours may still know another machine. */
  readonly announce: (container: string, address: string) => Promise<void>;
};
