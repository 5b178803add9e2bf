// The image: here or to be had, and made for this machine's processor.

import { type Check, type Finding, well } from '../finding.ts';
import type { HostFacts, QuickFacts } from './facts.ts';
import { referenceOf } from './gather.ts';
import { doubtful, notSeen, wrong } from './verdicts.ts';

export const checkImage: Check<Pick<HostFacts, 'config' | 'engine' | 'image' | 'registry'>> = (facts) => {
  const { config, engine, image, registry } = facts;
  if (engine.kind === 'away') return [];
  const reference = referenceOf(config);
  if (image.kind === 'unseen')
    return [notSeen('image', `the image ${reference}`, image.why, `\`docker image inspect ${reference}\``)];
  const silent =
    registry.kind === 'unseen'
      ? registry.why
      : registry.value.kind === 'silent'
        ? registry.value.detail
        : undefined;
  const mend = `\`docker pull ${reference}\` says more; for a private registry \`docker login\` and WCS_REGISTRY_AUTH, for another name WCS_IMAGE`;
  if (silent !== undefined) {
    return image.value === undefined
      ? [
          wrong(
            'image',
            `the image ${reference} is not here, and its registry does not give it: ${silent}`,
            mend,
          ),
        ]
      : [
          doubtful(
            'image',
            `the image ${reference} is here, but its registry does not say whether there is a newer one: ${silent}`,
            mend,
          ),
        ];
  }
  const digest = registry.kind === 'seen' && registry.value.kind === 'there' ? registry.value.digest : '';
  if (image.value === undefined)
    return [well('image', `the image ${reference} is not here yet, and its registry has it`)];
  const isNewest = image.value.registryDigests.includes(digest);
  return [
    well(
      'image',
      `the image ${reference} is here${isNewest ? ', the newest' : '; its registry has a newer one, which the next start pulls'}`,
    ),
  ];
};

/** A worker looks at what is on the engine; the doctor, at what the registry has, too. */
export const checkPlatform: Check<
  Pick<QuickFacts, 'config' | 'engine' | 'image'> & Partial<Pick<HostFacts, 'registry'>>
> = (facts) => {
  const { config, engine, image, registry } = facts;
  if (engine.kind === 'away' || image.kind === 'unseen') return [];
  const has = engine.facts.platform;
  const remote = registry?.kind === 'seen' && registry.value.kind === 'there' ? registry.value.platforms : [];
  const platforms = image.value === undefined ? remote : [image.value.platform];
  if (platforms.length === 0) return [];
  return [judgePlatform(referenceOf(config), platforms, has)];
};

const judgePlatform = (reference: string, platforms: readonly string[], has: string): Finding =>
  platforms.includes(has)
    ? well('image-platform', `the image is made for ${has}, as this machine is`)
    : wrong(
        'image-platform',
        `the image ${reference} is made for ${platforms.join(', ')}, and this machine is ${has}: rigs end at once with "exec format error"`,
        `set WCS_IMAGE to one for ${has}, or run rigs on another machine; an image that was pulled for another: \`docker pull --platform ${has} ${reference}\``,
      );
