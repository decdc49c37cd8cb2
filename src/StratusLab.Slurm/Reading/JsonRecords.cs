using System.Runtime.CompilerServices;
using System.Text.Json;
using StratusLab.Core;

namespace StratusLab.Slurm;

/// <summary>
/// Reads the objects of one array in a JSON document as they come, such as <c>jobs</c> of <c>{"meta":…,"jobs":[…]}</c>. Of the document no more than one object is in
/// memory: the queue of a large centre is hundreds of megabytes.
/// </summary>
internal static class JsonRecords
{
    private const int MaxRecord = 16 << 20;

    /// <summary>Reads to the end of the stream.</summary>
    /// <exception cref="HostProtocolException"><c>SlurmOutputInvalid</c>: it is no JSON, it breaks off, or it has no such array.</exception>
    public static async IAsyncEnumerable<T> ReadAsync<T>(Stream stream, string array, Func<JsonElement, T> read, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var buffer = new byte[64 << 10];
        var filled = 0;
        var isEnd = false;
        var place = new Place(array);
        var records = new List<T>();
        while (!isEnd)
        {
            if (filled == buffer.Length)
            {
                if (buffer.Length >= MaxRecord) throw Invalid(array, $"has a record of more than {MaxRecord} bytes", null);
                Array.Resize(ref buffer, buffer.Length * 2);
            }

            var count = await stream.ReadAsync(buffer.AsMemory(filled), cancellationToken).ConfigureAwait(false);
            isEnd = count == 0;
            filled += count;
            var used = Step(buffer.AsSpan(0, filled), isEnd, place, read, records);
            foreach (var record in records) yield return record;
            records.Clear();
            buffer.AsSpan(used, filled - used).CopyTo(buffer);
            filled -= used;
        }

        if (!place.WasSeen) throw Invalid(array, "is not there", null);
    }

    private static int Step<T>(ReadOnlySpan<byte> bytes, bool isEnd, Place place, Func<JsonElement, T> read, List<T> records)
    {
        var reader = new Utf8JsonReader(bytes, isEnd, place.State);
        try
        {
            while (true)
            {
                var before = reader;
                if (!reader.Read()) break;
                if (place.IsInside && reader.TokenType == JsonTokenType.StartObject)
                {
                    if (!JsonDocument.TryParseValue(ref reader, out var document))
                    {
                        reader = before;
                        break;
                    }

                    using (document) records.Add(read(document.RootElement));
                }
                else
                {
                    place.Pass(ref reader);
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or KeyNotFoundException or OverflowException)
        {
            throw Invalid(place.Array, $"cannot be read: {e.Message}", e);
        }

        place.State = reader.CurrentState;
        return (int)reader.BytesConsumed;
    }

    private static HostProtocolException Invalid(string array, string why, Exception? cause) =>
        new("SlurmOutputInvalid", $"The list '{array}' in the JSON that Slurm wrote {why}. This is a Slurm that this version does not know; please report it with the output of the same command.", cause);

    // Where in the document the reader is, between one piece and the next.
    private sealed class Place(string array)
    {
        private bool _isNext;

        public string Array => array;

        public JsonReaderState State { get; set; }

        public bool IsInside { get; private set; }

        public bool WasSeen { get; private set; }

        public void Pass(ref Utf8JsonReader reader)
        {
            if (IsInside)
            {
                IsInside = reader.TokenType != JsonTokenType.EndArray;
                return;
            }

            IsInside = _isNext && reader.TokenType == JsonTokenType.StartArray;
            WasSeen |= IsInside;
            _isNext = reader is { TokenType: JsonTokenType.PropertyName, CurrentDepth: 1 } && reader.ValueTextEquals(array);
        }
    }
}
