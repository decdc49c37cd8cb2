using System.Net;

namespace StratusLab.Oci;

/// <summary>A request that can be sent as often as it takes.</summary>
/// <param name="Method">The verb.</param>
/// <param name="Target">The address, relative to the registry's own where it is not another's.</param>
/// <param name="Scope">What it does, in the words of the token specification.</param>
/// <param name="What">What it is about, for errors.</param>
internal sealed record RegistryRequest(HttpMethod Method, string Target, string Scope, string What)
{
    /// <summary>Makes the body anew for each attempt; it touches the timer as bytes leave.</summary>
    public Func<StallTimer, HttpContent>? Content { get; init; }

    /// <summary>Adds headers.</summary>
    public Action<HttpRequestMessage>? Prepare { get; init; }

    /// <summary>The answers that are no failure.</summary>
    public IReadOnlyList<HttpStatusCode> Expected { get; init; } = [HttpStatusCode.OK];

    /// <summary>How long the registry may think; null for as long as a connection may stand.</summary>
    public TimeSpan? Patience { get; init; }

    public HttpRequestMessage ToMessage(Uri address, StallTimer stall)
    {
        var message = new HttpRequestMessage(Method, address);
        if (Content is not null) message.Content = Content(stall);
        Prepare?.Invoke(message);
        return message;
    }
}
