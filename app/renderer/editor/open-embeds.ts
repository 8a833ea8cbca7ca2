// The plugin that opens inline things: a click on one, or Enter on a selected one. What opening means is the feature's.
import { Plugin } from 'prosemirror-state';
import type { Embed } from '../../../shared/model/page/block.ts';
import { embedOf } from './binding/nodes.ts';
import { selectedEmbed } from './commands/embeds.ts';

export function openEmbeds(onOpen: (embed: Embed) => void): Plugin {
  return new Plugin({
    props: {
      handleClickOn(view, _pos, node, _nodePos, event, direct) {
        const embed = direct && event.button === 0 ? embedOf(node) : null;
        if (!embed || event.shiftKey || view.composing) return false;
        onOpen(embed);
        return false;
      },
      handleKeyDown(view, event) {
        if (event.key !== 'Enter' || event.shiftKey || event.altKey) return false;
        const embed = selectedEmbed(view.state.selection);
        if (!embed) return false;
        onOpen(embed);
        return true;
      },
    },
  });
}
