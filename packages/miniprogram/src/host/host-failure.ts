/** Why an API fails: the text behind `"<api>:fail "`, or `"<api>:cancel"` when the user closed something. */
export class HostFailure extends Error {
  /** Whether the user decided against it. */
  readonly isCancel: boolean;

  /** `reason` is what the application reads. */
  constructor(reason: string, isCancel = false) {
    super(reason);
    this.name = "HostFailure";
    this.isCancel = isCancel;
  }
}
