"""The lists of links that objects of iTop have: which class of links each holds, and which key of these points back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LinkList:
    """A list of links.

    Attributes:
        type: the class of the links.
        back: their field that points to the object that has the list.
    """

    type: str
    back: str


_ROWS = """
ApplicationSolution.businessprocess_list lnkApplicationSolutionToBusinessProcess applicationsolution_id
ApplicationSolution.functionalcis_list lnkApplicationSolutionToFunctionalCI applicationsolution_id
BusinessProcess.applicationsolutions_list lnkApplicationSolutionToBusinessProcess businessprocess_id
ConnectableCI.networkdevice_list lnkConnectableCIToNetworkDevice connectableci_id
Contact.cis_list lnkContactToFunctionalCI contact_id
ContainerApplication.containerimages_list lnkContainerApplicationToImage containerapplication_id
ContainerImage.containerapplications_list lnkContainerApplicationToImage containerimage_id
Contract.contacts_list lnkContactToContract contract_id
Contract.documents_list lnkContractToDocument contract_id
CustomerContract.services_list lnkCustomerContractToService customercontract_id
DatacenterDevice.san_list lnkSanToDatacenterDevice datacenterdevice_id
DeliveryModel.contacts_list lnkDeliveryModelToContact deliverymodel_id
Document.cis_list lnkDocumentToFunctionalCI document_id
FunctionalCI.applicationsolution_list lnkApplicationSolutionToFunctionalCI functionalci_id
FunctionalCI.contacts_list lnkContactToFunctionalCI functionalci_id
FunctionalCI.documents_list lnkDocumentToFunctionalCI functionalci_id
FunctionalCI.providercontracts_list lnkFunctionalCIToProviderContract functionalci_id
FunctionalCI.services_list lnkFunctionalCIToService functionalci_id
FunctionalCI.tickets_list lnkFunctionalCIToTicket functionalci_id
Group.ci_list lnkGroupToCI group_id
LogicalVolume.servers_list lnkServerToVolume volume_id
LogicalVolume.virtualdevices_list lnkVirtualDeviceToVolume volume_id
NetworkDevice.connectablecis_list lnkConnectableCIToNetworkDevice networkdevice_id
Person.team_list lnkPersonToTeam person_id
ProviderContract.functionalcis_list lnkFunctionalCIToProviderContract providercontract_id
ProviderContract.services_list lnkProviderContractToService providercontract_id
SANSwitch.datacenterdevice_list lnkSanToDatacenterDevice san_id
SLA.customercontracts_list lnkCustomerContractToService sla_id
SLA.slts_list lnkSLAToSLT sla_id
SLT.slas_list lnkSLAToSLT slt_id
Server.logicalvolumes_list lnkServerToVolume server_id
Service.contacts_list lnkContactToService service_id
Service.customercontracts_list lnkCustomerContractToService service_id
Service.documents_list lnkDocumentToService service_id
Service.functionalcis_list lnkFunctionalCIToService service_id
Service.providercontracts_list lnkProviderContractToService service_id
Software.documents_list lnkDocumentToSoftware software_id
Subnet.vlans_list lnkSubnetToVLAN subnet_id
Team.persons_list lnkPersonToTeam team_id
Ticket.contacts_list lnkContactToTicket ticket_id
Ticket.functionalcis_list lnkFunctionalCIToTicket ticket_id
VLAN.subnets_list lnkSubnetToVLAN vlan_id
VirtualDevice.logicalvolumes_list lnkVirtualDeviceToVolume virtualdevice_id
"""
_LISTS = {row.split()[0]: LinkList(*row.split()[1:]) for row in _ROWS.strip().splitlines()}


def list_of(lineage: Iterable[str], field: str) -> LinkList | None:
    """Give what a field of a class lists, if that are links.

    Args:
        lineage: the class and those that it is like, nearest first.
        field: the field.

    Example:
        >>> list_of(["Team", "Contact"], "cis_list")
        LinkList(type='lnkContactToFunctionalCI', back='contact_id')
    """
    return next((found for type_ in lineage if (found := _LISTS.get(f"{type_}.{field}"))), None)
