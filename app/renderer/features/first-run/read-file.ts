// The text in a chosen or dropped file: an invitation's own, or the QR code in a picture. It sends nothing anywhere.

/** An invitation's file is a few hundred bytes; a photograph a few megabytes. */
const LONGEST_TEXT = 64 * 1024;
const LONGEST_PICTURE = 32 * 1024 * 1024;
/** Wider photographs are drawn smaller: codes are read at this size, and quicker. */
const WIDEST = 1600;

export type FileText =
  { readonly kind: 'text'; readonly text: string } | { readonly kind: 'problem'; readonly words: string };

export async function readInvitationFile(file: File): Promise<FileText> {
  if (file.type.startsWith('image/')) return readPicture(file);
  if (file.size > LONGEST_TEXT) {
    return problem(
      `“${file.name}” is too large to be an invitation. It ends with .caravan-invite, or is a picture of the code.`,
    );
  }
  return { kind: 'text', text: await file.text() };
}

async function readPicture(file: File): Promise<FileText> {
  if (file.size > LONGEST_PICTURE) return problem(`“${file.name}” is larger than 32 MB. Cut the picture to the code.`);
  try {
    const bitmap = await createImageBitmap(file);
    const scale = Math.min(1, WIDEST / Math.max(bitmap.width, bitmap.height));
    const [width, height] = [Math.round(bitmap.width * scale), Math.round(bitmap.height * scale)];
    const context = new OffscreenCanvas(width, height).getContext('2d');
    if (!context) return problem('This window cannot look into pictures. Paste the link instead.');
    context.drawImage(bitmap, 0, 0, width, height);
    bitmap.close();
    const { data } = context.getImageData(0, 0, width, height);
    const { default: decodeQR } = await import('qr/decode.js');
    return { kind: 'text', text: decodeQR({ width, height, data }) };
  } catch {
    return problem(
      `No QR code was found in “${file.name}”. Take the picture straight from the front, with the white edge.`,
    );
  }
}

function problem(words: string): FileText {
  return { kind: 'problem', words };
}
