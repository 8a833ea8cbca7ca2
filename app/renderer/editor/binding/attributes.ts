// Which attributes of a block an editor step really changes, with values that the stored form may hold.
import { readAtomProps, sameProp } from '../../../../shared/model/page/atom-props.ts';
import { MAX_INDENT, type Block, type BlockAttributes } from '../../../../shared/model/page/block.ts';
import { attributesFor, isTextKind } from '../../../../shared/model/page/marker.ts';
import { wellFormed } from '../../../../shared/model/page/well-formed.ts';

type Name = keyof BlockAttributes;
const NAMES: readonly Name[] = ['indent', 'level', 'checked', 'language'];

/**
 * The entries to write into a marker so that a block shows what a step set. `stored` tells what a marker of the wanted kind
 * would show as it is: an attribute that lay hidden under another kind is set right with the kind.
 */
export function attributeChanges(
  shown: Block,
  wanted: Readonly<Record<string, unknown>>,
  stored: (kind: string) => BlockAttributes,
): Record<string, unknown> {
  const changes: Record<string, unknown> = {};
  if (shown.type === 'unknown') return changes;
  if (shown.type === 'atom') {
    const indent = valid('indent', wanted['indent']) ?? shown.indent;
    if (indent !== shown.indent) changes['indent'] = indent;
    const props: Readonly<Record<string, unknown>> = { ...shown.props };
    const asked = readAtomProps(shown.kind, (name) => clean(name in wanted ? wanted[name] : props[name]));
    for (const [name, value] of Object.entries(asked)) if (!sameProp(value, props[name])) changes[name] = value;
    return changes;
  }
  const asked = wanted['kind'];
  const kind = typeof asked === 'string' && isTextKind(asked) ? asked : shown.kind;
  if (kind !== shown.kind) changes['kind'] = kind;
  const given = Object.fromEntries(NAMES.map((name) => [name, valid(name, wanted[name]) ?? shown[name]]));
  const target = attributesFor(kind, given);
  const present = stored(kind);
  for (const name of NAMES) if (target[name] !== present[name]) changes[name] = target[name];
  return changes;
}

function clean(value: unknown): unknown {
  return typeof value === 'string' ? wellFormed(value) : value;
}

function valid(name: Name, value: unknown): number | boolean | string | undefined {
  if (name === 'checked') return typeof value === 'boolean' ? value : undefined;
  if (name === 'language') return typeof value === 'string' ? value.slice(0, 64) : undefined;
  if (typeof value !== 'number' || !Number.isInteger(value)) return undefined;
  return name === 'indent' ? Math.min(MAX_INDENT, Math.max(0, value)) : Math.min(6, Math.max(1, value));
}
