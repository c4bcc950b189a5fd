"""What GLPI calls its classes and fields: in its database, and in English and French in the lists that it exports."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

CLASSES = {
    "Appliance": "appliance, applicatif",
    "Cable": "cable",
    "Certificate": "certificate, certificat",
    "Cluster": "cluster",
    "Computer": "computer, ordinateur",
    "Contact": "contact",
    "Contract": "contract, contrat",
    "DCRoom": "server room, salle serveur",
    "Database": "base de donnees",
    "DatabaseInstance": "database instance, instance de base de donnees",
    "Datacenter": "data center, datacentre, centre de donnees",
    "Document": "document",
    "Domain": "domain, domaine",
    "Enclosure": "enclosure, chassis",
    "Entity": "entity, entite",
    "Group": "group, groupe",
    "ITILCategory": "itil category, categorie itil",
    "Line": "line, ligne",
    "Location": "location, lieu",
    "Manufacturer": "manufacturer, fabricant",
    "Monitor": "monitor, moniteur",
    "NetworkEquipment": "network device, materiel reseau",
    "PDU": "pdu",
    "PassiveDCEquipment": "passive device, equipement passif",
    "Peripheral": "device, peripherique",
    "Phone": "phone, telephone",
    "Printer": "printer, imprimante",
    "Rack": "rack, baie",
    "Software": "software, logiciel",
    "SoftwareLicense": "license, licence",
    "Supplier": "supplier, fournisseur",
    "User": "user, utilisateur",
}
"""Classes, and what they are called in English and French lists."""

LABELS = {
    "comment": "comments, commentaires",
    "completename": "complete name, nom complet",
    "contact": "alternate username, usager",
    "contact_num": "alternate username number, numero de l'usager",
    "date_creation": "creation date, date de creation",
    "date_mod": "last update, derniere modification",
    "entities_id": "entity, entite",
    "groups_id": "group, groupe",
    "groups_id_tech": "group in charge, group in charge of the hardware, group in charge of the software, "
    "groupe en charge, groupe technique, groupe en charge du materiel, groupe en charge du logiciel",
    "id": "id",
    "itemtype": "item type, type d'element",
    "locations_id": "location, lieu",
    "manufacturers_id": "manufacturer, publisher, fabricant, editeur",
    "model": "model, modele",
    "name": "name, nom",
    "networks_id": "network, reseau",
    "operatingsystems_id": "operating system - name, operating system, systeme d'exploitation - nom, "
    "systeme d'exploitation",
    "otherserial": "inventory number, numero d'inventaire",
    "serial": "serial number, numero de serie",
    "states_id": "status, statut",
    "type": "type",
    "users_id": "user, utilisateur",
    "users_id_tech": "technician in charge, technician in charge of the hardware, technician in charge of the "
    "software, technicien en charge, technicien responsable, technicien en charge du materiel, "
    "technicien en charge du logiciel",
    "uuid": "uuid",
}
"""Fields, and what their columns are called in English and French lists."""

TELLING = frozenset(
    ("contact", "contact_num", "date_mod", "entities_id", "groups_id_tech", "otherserial", "users_id_tech")
)
"""Fields whose labels other lists of things seldom have."""

_PARTS = ("operating system - ", "systeme d'exploitation - ", "components - ", "composants - ", "versions - ")
_FIELD_OF = {label.strip(): field for field, labels in LABELS.items() for label in labels.split(",")}
_CLASS_OF = {label.strip(): name for name, labels in CLASSES.items() for label in labels.split(",")}
_FOREIGN = re.compile(r"([a-z]+)_id(?:_[a-z]\w*)?")


def plain(text: str) -> str:
    """Give a label as it is compared: in small letters, without accents, with one sort of apostrophe.

    Example:
        >>> plain(" Numéro d’inventaire ")
        "numero d'inventaire"
    """
    letters = unicodedata.normalize("NFKD", text.replace("\u2019", "'").strip().lower())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def field_of(label: str) -> str:
    """Give the field that a column of a list shows; the label itself if it is none of those that are known."""
    return _FIELD_OF.get(plain(label), label)


def tells(label: str) -> bool:
    """Tell whether the label of a column is one that seldom stands in lists other than GLPI's."""
    return field_of(label) in TELLING or plain(label).startswith(_PARTS)


class Classes:
    """The classes of GLPI that are known, by all the names that they go by.

    Args:
        names: their names in GLPI's own code, such as `Item_SoftwareVersion`.

    Example:
        >>> classes = Classes(["Computer", "ITILCategory"])
        >>> classes.named("itilcategories"), classes.named("Ordinateurs"), classes.foreign("computers_id")
        ('ITILCategory', 'Computer', 'Computer')
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._by_table = {_plural(name): name for name in names}
        self._by_name = {name.lower(): name for name in names} | self._by_table
        self._by_name |= {label: name for label, name in _CLASS_OF.items() if label not in self._by_name}

    def named(self, text: str) -> str:
        """Give the class of this name, in one number or the other, in English or French; "" if there is none."""
        name = plain(text)
        return self._by_name.get(name) or self._by_name.get(name.removesuffix("s")) or self._parted(name)

    def _parted(self, name: str) -> str:
        """Give a class by its name with blanks, hyphens or underscores in it."""
        return self._by_name.get(re.sub(r"[\s_-]+", " ", name)) or self._by_name.get(re.sub(r"[\s_-]+", "", name), "")

    def foreign(self, field: str) -> str:
        """Give the class of what a field such as `users_id_tech` names; "" if it names nothing that is known."""
        found = _FOREIGN.fullmatch(field)
        return self._by_table.get(found[1], "") if found else ""


def _plural(name: str) -> str:
    """Give what foreign keys to a class begin with."""
    lower = name.lower()
    return f"{lower[:-1]}ies" if lower.endswith("y") else lower if lower.endswith("s") else f"{lower}s"
