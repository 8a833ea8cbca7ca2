// The address of an attachment at this window's own shell, the same path in a browser and in Electron, and saving a copy. It holds nothing secret.

/** @param name makes it a download that is called so. */
export function blobUrl(workspace: string, space: string, blob: string, name = ''): string {
  const query = name === '' ? '' : `?name=${encodeURIComponent(name)}`;
  return `/blob/${workspace}/${space}/${blob}${query}`;
}

/** Hands a copy to the person, as their browser does it. The link stands outside the page's text, which has its own use for links. */
export function saveCopy(workspace: string, space: string, blob: string, name: string): void {
  const link = document.createElement('a');
  link.href = blobUrl(workspace, space, blob, name);
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
}
