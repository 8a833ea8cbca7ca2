// The flags that every command takes; types only.

export interface CommonFlags {
  readonly data?: string;
  readonly workspace?: string;
  readonly json?: boolean;
}
