namespace StratusLab.Libvirt;

/// <summary>Something that the server told about a domain without being asked, or <see cref="EventsLost"/>.</summary>
public abstract record DomainEvent
{
    private protected DomainEvent()
    {
    }
}
