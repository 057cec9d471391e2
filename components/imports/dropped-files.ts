/** Files of what was dropped: files as they are, folders walked to their leaves, in the order of names. */
type Entry = FileSystemEntry & {
  file?: FileSystemFileEntry['file'];
  createReader?: FileSystemDirectoryEntry['createReader'];
};

/** To be called in the drop's own turn: the list of items is empty after it. */
export async function droppedFiles(transfer: DataTransfer): Promise<File[]> {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.() ?? null);
  if (entries.every((entry) => entry === null)) return [...transfer.files];
  const found: File[] = [];
  for (const entry of entries) if (entry) found.push(...(await filesOf(entry)));
  return found;
}

async function filesOf(entry: Entry): Promise<File[]> {
  if (entry.isFile) return [await new Promise<File>((resolve, reject) => entry.file!(resolve, reject))];
  const reader = entry.createReader!();
  const inside: Entry[] = [];
  // A reader hands out a hundred at a time, and an empty list at the end.
  for (;;) {
    const some = await new Promise<Entry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) break;
    inside.push(...some);
  }
  inside.sort((a, b) => (a.name < b.name ? -1 : 1));
  const files: File[] = [];
  for (const one of inside) files.push(...(await filesOf(one)));
  return files;
}
