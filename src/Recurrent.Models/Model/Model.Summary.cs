namespace Recurrent.Models;

/// <content>The model at a glance.</content>
public partial class Model
{
    /// <summary>A table of the layers with their output shapes and numbers of weights, as Keras prints it.</summary>
    /// <returns>The table; its lines end with a line feed. It is at least 76 columns wide, and wider for long names.</returns>
    /// <example><code>Console.WriteLine(model.Summary());</code></example>
    public string Summary() => new ModelSummary(this).ToString();
}
