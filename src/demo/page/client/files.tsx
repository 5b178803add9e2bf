// Files in a message: texts, shown as Slack shows a snippet.

import { useState } from 'preact/hooks';
import type { SharedFile } from '../../slack/state.ts';

const shownLines = 12;

export const Files = ({ files }: { readonly files: readonly SharedFile[] }) => (
  <>
    {files.map((file) => (
      <Snippet key={file.id} file={file} />
    ))}
  </>
);

const Snippet = ({ file }: { readonly file: SharedFile }) => {
  const lines = file.content.split('\n');
  const [whole, setWhole] = useState(false);
  const more = lines.length - shownLines;
  return (
    <figure class="file">
      <figcaption>📄 {file.title || file.name}</figcaption>
      <pre>{(whole ? lines : lines.slice(0, shownLines)).join('\n')}</pre>
      {more > 0 && (
        <button type="button" class="link" onClick={() => setWhole(!whole)}>
          {whole ? 'Show less' : `Show ${more} more lines`}
        </button>
      )}
    </figure>
  );
};
