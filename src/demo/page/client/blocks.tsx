// Blocks as Slack lays them out.

import type { ComponentChildren } from 'preact';
import { assertNever } from '../../../rig/assert-never.ts';
import type { Block } from '../../slack/block-schemas.ts';
import type { Place } from '../acts.ts';
import { Actionable } from './actionable.tsx';
import { InputField } from './input-field.tsx';
import { Text } from './mrkdwn.tsx';

export type BlocksProps = {
  readonly blocks: readonly Block[];
  /** What the elements in them belong to. */
  readonly on: Place;
};

export const Blocks = ({ blocks, on }: BlocksProps) => (
  <div class="blocks">
    {blocks.map((block, index) => (
      <div class={`block ${block.type}`} key={block.block_id ?? index}>
        <OneBlock block={block} on={on} />
      </div>
    ))}
  </div>
);

const OneBlock = ({ block, on }: { readonly block: Block; readonly on: Place }): ComponentChildren => {
  switch (block.type) {
    case 'section':
      return <Section block={block} on={on} />;
    case 'context':
      return block.elements.map((element, index) =>
        element.type === 'image' ? (
          <span key={index}>{element.alt_text}</span>
        ) : (
          <span key={index}>
            <Text text={element} />
          </span>
        ),
      );
    case 'actions':
      return block.elements.map((element, index) => (
        <Actionable
          key={element.action_id ?? index}
          element={element}
          blockId={block.block_id ?? ''}
          on={on}
        />
      ));
    case 'header':
      return <h3>{block.text.text}</h3>;
    case 'divider':
      return <hr />;
    case 'image':
      // Nothing is fetched from elsewhere.
      return <span class="picture">{block.alt_text}</span>;
    case 'input':
      return <InputField block={block} />;
    default:
      return assertNever(block);
  }
};

const Section = ({ block, on }: { readonly block: Block & { type: 'section' }; readonly on: Place }) => {
  const { text, fields = [], accessory, block_id = '' } = block;
  return (
    <>
      <div class="said">
        {text && (
          <div>
            <Text text={text} />
          </div>
        )}
        {fields.length > 0 && (
          <div class="fields">
            {fields.map((field, index) => (
              <div key={index}>
                <Text text={field} />
              </div>
            ))}
          </div>
        )}
      </div>
      {accessory && (
        <div class="accessory">
          {accessory.type === 'image' ? (
            <span class="picture">{accessory.alt_text}</span>
          ) : (
            <Actionable element={accessory} blockId={block_id} on={on} />
          )}
        </div>
      )}
    </>
  );
};
