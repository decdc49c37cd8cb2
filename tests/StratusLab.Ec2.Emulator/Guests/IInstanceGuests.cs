using System.Net;
using System.Net.Sockets;
using StratusLab.Ec2.Emulator.Cloud;

namespace StratusLab.Ec2.Emulator.Guests;

/// <summary>A kind of machines behind instances, and the network that they are in.</summary>
public interface IInstanceGuests : IAsyncDisposable
{
    /// <summary>The first two bytes of the network's addresses, such as "172.31".</summary>
    string AddressPrefix { get; }

    /// <summary>A socket bound within the guests' network, where only they reach it.</summary>
    Socket Bind(IPEndPoint endpoint);

    /// <summary>The machine for an instance, not yet started.</summary>
    IInstanceGuest Create(EmulatedInstance instance);
}
