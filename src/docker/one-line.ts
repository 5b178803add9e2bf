// A daemon's or a container's text as one plain line: no line breaks, no control characters, of bounded length.

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is to be cut out
const colours = /\u001b\[[0-9;]*[A-Za-z]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is to be cut out
const controls = /[\u0000-\u001f\u007f\u2028\u2029]+/g;

export const oneLine = (text: string, longest = 400): string => {
  const line = text.replace(colours, '').replace(controls, ' ').trim();
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
};
