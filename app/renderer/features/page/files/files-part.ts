// The page's part for pictures and files: how they are drawn, the rows that add them, and what is dropped and pasted.
import FileIcon from '@lucide/svelte/icons/file';
import ImageIcon from '@lucide/svelte/icons/image';
import type { Command } from 'prosemirror-state';
import type { SlashItem } from '../../../editor/slash-items.ts';
import { failureWords } from '../../../window/failure.ts';
import { drawWith } from '../parts/draw-with.svelte.ts';
import type { MakePagePart } from '../parts/page-part.ts';
import { addedFiles, nameOf } from './added-files.ts';
import { BlobStates } from './blob-states.svelte.ts';
import FileBlock from './FileBlock.svelte';
import { filesContext } from './files-context.ts';
import { handOver } from '../../../connection/hand-over.ts';
import { SmallPictures } from './small-pictures.ts';
import ImageBlock from './ImageBlock.svelte';

/** Fields, buttons, players and links inside a drawing are used, not selected. */
const OWN = 'input, button, a, video, audio, dialog, [role="slider"]';

export const filesPart: MakePagePart = ({ workspace, handle, services, contexts }) => {
  const { connection, toasts, announcer } = services;
  // A room's name is `<workspace>/<space>/<document>`.
  const space = handle.room.split('/')[1] ?? '';
  const states = new BlobStates(connection, workspace, space);
  const inside = new Map(contexts);
  const small = new SmallPictures({ workspace, space, connection });
  filesContext(inside, { workspace, space, states, small, connection });
  const added = addedFiles({
    handOver: (file, onProgress) => handOver(connection, { workspace, space }, file, onProgress),
    onPasted: (blobs) => {
      void connection.call('blob.adopt', { workspace, space, blobs: [...blobs] }).catch(() => undefined); // They then show as not here.
    },
    onFailed: (file, error) => toasts.fail(`${nameOf(file.name)}: ${failureWords(error)}`),
    onAdded: (name) => announcer.say(`${nameOf(name)} was added`),
  });
  const picking =
    (accept: string): Command =>
    (_state, dispatch, view) => {
      if (!view) return false;
      if (!dispatch) return true;
      const input = document.createElement('input');
      input.type = 'file';
      input.multiple = true;
      input.accept = accept;
      // It stands in the page until something was picked: what nothing holds may be collected while people look for their file.
      input.hidden = true;
      document.body.append(input);
      input.addEventListener('cancel', () => input.remove());
      input.addEventListener('change', () => {
        input.remove();
        added.add(view, [...(input.files ?? [])]);
        view.focus();
      });
      input.click();
      return true;
    };
  const keepsEvent = (event: Event): boolean => event.target instanceof Element && event.target.closest(OWN) !== null;
  const slashItems: readonly SlashItem[] = [
    {
      id: 'image',
      title: 'Image',
      hint: '',
      keywords: ['picture', 'photo', 'screenshot', 'png', 'jpg'],
      icon: ImageIcon,
      run: picking('image/*'),
    },
    {
      id: 'file',
      title: 'File',
      hint: '',
      keywords: ['attachment', 'upload', 'video', 'audio', 'pdf', 'document'],
      icon: FileIcon,
      run: picking(''),
    },
  ];
  return {
    drawings: {
      image: drawWith(ImageBlock, inside, keepsEvent),
      file: drawWith(FileBlock, inside, keepsEvent),
    },
    slashItems,
    plugins: [added.plugin],
  };
};
