import type { ActionInput, ProfileDetails } from "@hutong/chat-api";
import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { Face } from "../face.tsx";
import { Choice, EditableText, Field, Part } from "../form-parts.tsx";
import { InnerPage } from "../inner-page.tsx";
import { PictureField } from "../picture-field.tsx";
import type { ChatProps } from "../props.ts";

/** How others see the user. */
export function ProfilePage({ page, chat }: ChatProps): JSX.Element {
  const words = page.words.value;
  const me = chat.me.value;
  const update = (change: ActionInput<"update_profile">): Promise<boolean> =>
    page.attempt(async () => chat.putMe(await chat.call("update_profile", change)));
  return (
    <InnerPage page={page} title={words.profile}>
      <PictureField page={page} picture={me.avatar} onPick={(avatar) => update({ avatar })}>
        <Face name={me.nickname} picture={me.avatar} size="large" />
      </PictureField>
      <Part title={words.name}>
        <EditableText
          label={words.nickname}
          value={me.nickname}
          maxLength={30}
          save={words.save}
          onSave={(nickname) => update({ nickname })}
        />
        {me.username !== null && <p class="hint">{words.usernameIs(me.username)}</p>}
      </Part>
      <Details page={page} chat={chat} onSave={(details) => update({ details })} />
    </InnerPage>
  );
}

function Details({
  page,
  chat,
  onSave,
}: ChatProps & { readonly onSave: (details: ProfileDetails) => Promise<boolean> }): JSX.Element {
  const words = page.words.value;
  const [details, setDetails] = useState(chat.me.peek().details);
  const set = (change: Partial<ProfileDetails>): void => setDetails({ ...details, ...change });
  const save = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (await onSave(details)) page.notices.say(words.saved);
  };
  return (
    <Part title={words.about}>
      <form class="stack" onSubmit={(event) => void save(event)}>
        <label class="field">
          <span class="field-label">{words.bio}</span>
          <textarea
            class="input"
            rows={3}
            maxLength={200}
            value={details.bio}
            onInput={(event) => set({ bio: event.currentTarget.value })}
          />
        </label>
        <Field
          label={words.location}
          value={details.location}
          onInput={(location) => set({ location })}
          input={{ maxLength: 50 }}
        />
        <Field
          label={words.website}
          value={details.website}
          onInput={(website) => set({ website })}
          input={{ type: "url", maxLength: 200, placeholder: "https://" }}
        />
        <Field
          label={words.birthday}
          value={details.birthday}
          onInput={(birthday) => set({ birthday })}
          input={{ type: "date" }}
        />
        <Choice<ProfileDetails["gender"]>
          label={words.gender}
          value={details.gender}
          choices={[
            ["", words.unsaid],
            ["female", words.genders.female],
            ["male", words.genders.male],
            ["other", words.genders.other],
          ]}
          onChange={(gender) => set({ gender })}
        />
        <button type="submit" class="button">
          {words.save}
        </button>
      </form>
    </Part>
  );
}
