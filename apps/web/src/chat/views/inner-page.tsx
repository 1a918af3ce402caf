import type { ComponentChildren, JSX } from "preact";

import { Icon } from "../../views/icons.tsx";
import type { PageProps } from "./props.ts";

/** Props of {@link InnerPage}. */
export interface InnerPageProps extends PageProps {
  readonly title: string;
  readonly children: ComponentChildren;
}

/** A page of the contacts or of the settings. */
export function InnerPage({ page, title, children }: InnerPageProps): JSX.Element {
  return (
    <div class="inner">
      <header class="talk-top">
        <button
          type="button"
          class="icon-button talk-back"
          aria-label={page.words.value.back}
          onClick={() => page.place.goTo({ page: undefined, invite: undefined, card: undefined })}
        >
          <Icon name="back" />
        </button>
        <h1 class="inner-title">{title}</h1>
      </header>
      <div class="inner-scroll">
        <div class="inner-column">{children}</div>
      </div>
    </div>
  );
}
