/** What each reason means, and what to do about it. */
export const SAYS: Record<string, string> = {
  archive_limit: 'The archive unpacks to far more than it should. Unpack it yourself and import the parts.',
  bad_csv: 'A row has another number of fields than the header, or an open quote.',
  bad_json: 'Not JSON. The lines around it were read; mend the line and import it again.',
  bad_yaml: 'Not YAML.',
  binary: 'Not text.',
  corrupt_archive: 'The archive ends early or fails its checksum. What came out whole was read.',
  encrypted: 'Needs a password.',
  not_a_conversation: 'A known envelope without a conversation, such as an embedding call.',
  schema_mismatch: 'A known format, but a required field is missing or of another type.',
  too_deep: 'Nested deeper than 512 levels.',
  too_large: 'A record over 64 MB.',
  truncated: 'The last record is not complete; it is read again with the next import of the file.',
  unknown_format: 'Readable, but no format fits.',
  unsupported_container: 'Recognised, but not readable here.',
  scan_gap: 'Some of its text was not scanned for personal data, so none of it is used.',
  detector_failed: 'The detector could not read it, so none of it is used.',
};
