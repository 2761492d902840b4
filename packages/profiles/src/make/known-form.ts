import { choiceForms } from "../lists/choice-form";
import { orderForms } from "../lists/order-form";
import { type ProfileSchema, reasonedProfileSchema } from "../profile";

/** The form of a reply that every process of this package knows, so that a worker of a queue needs only its name. */
export type KnownForm =
  | { readonly kind: "reasoned-profile" }
  | {
      readonly kind: "item-choice" | "item-ranking";
      /** The items of the list that the reply is about. */
      readonly length: number;
    };

const reasonedProfile = reasonedProfileSchema();

/** The schema of replies of this form. */
export function schemaOfForm(form: KnownForm): ProfileSchema {
  if (form.kind === "reasoned-profile") return reasonedProfile;
  const forms = form.kind === "item-choice" ? choiceForms : orderForms;
  return forms(form.length).schema;
}
