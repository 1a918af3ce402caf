import type { ComponentChildren, JSX } from "preact";
import { useRef, useState } from "preact/hooks";

import { toSquare } from "../browser/to-square.ts";
import type { PageProps } from "./props.ts";

/** Props of {@link PictureField}. */
export interface PictureFieldProps extends PageProps {
  /** Id of a file. */
  readonly picture: string | null;
  /** Takes the id of the uploaded file. */
  readonly onPick: (fileId: string | null) => Promise<boolean>;
  /** What is shown of it. */
  readonly children: ComponentChildren;
}

/** A picture of a person or a group that can be changed. */
export function PictureField({ page, picture, onPick, children }: PictureFieldProps): JSX.Element {
  const words = page.words.value;
  const input = useRef<HTMLInputElement>(null);
  const [isBusy, setBusy] = useState(false);
  const upload = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return;
    setBusy(true);
    await page.attempt(async () => {
      const { id } = await page.uploadPicture(await toSquare(file), "picture.jpg");
      await onPick(id);
    });
    setBusy(false);
  };
  const remove = async (): Promise<void> => {
    if (await onPick(null))
      page.notices.say(words.pictureRemoved, { label: words.undo, run: () => void onPick(picture) });
  };
  return (
    <div class="picture-field">
      {children}
      <button type="button" class="button small" disabled={isBusy} onClick={() => input.current?.click()}>
        {isBusy ? words.uploading : words.changePicture}
      </button>
      {picture !== null && (
        <button type="button" class="text-button" onClick={() => void remove()}>
          {words.removePicture}
        </button>
      )}
      <input
        ref={input}
        type="file"
        accept="image/*"
        hidden
        onChange={(event) => {
          void upload(event.currentTarget.files?.[0]);
          event.currentTarget.value = "";
        }}
      />
    </div>
  );
}
