// Whose request it is: the page on this machine may drive the try-out, a page from elsewhere that a browser here has open
// may not. A name that was made to lead to 127.0.0.1 shows in Host, another page in Origin.

export type RequestHeaders = {
  readonly host?: string | undefined;
  readonly origin?: string | undefined;
};

export const isOwnRequest = (method: string, headers: RequestHeaders, port: number): boolean => {
  const own = [`127.0.0.1:${port}`, `localhost:${port}`].find((host) => host === headers.host);
  if (own === undefined) return false;
  // Opening the page from a link elsewhere is fine; what it then does comes from itself.
  const reads = method === 'GET';
  if (headers.origin === undefined) return reads;
  return headers.origin === `http://${own}`;
};
